/**
 * A relay node's own word that it is behind a name: signed by its signing key, so that nobody registers somebody else's node, nor
 * their own node under a name that its operator has left. It holds for one owner of the name: the next one has to ask again.
 *
 * It stands beside the node's profile, as the text record `network.dm3.deliveryService.proof`. dm3 knows nothing of it.
 */
import { SignpostError } from "../../errors.js";
import { closedObject, document } from "../profile/closedObject.js";
import type { DeliveryServiceProfile } from "../profile/profile.js";
import { dm3Hash } from "../stringify.js";
import { flag, keySignature, ownerOrNull, trueOrLeftOut, unixSeconds } from "./statementFields.js";
import { isSignedStatement, signStatement } from "./statementSignature.js";

export const NODE_PROOF_KEY = "network.dm3.deliveryService.proof";

export interface NodeClaim {
  /** In normal form. */
  readonly name: string;
  /** The wallet that owns the name, with its checksum (EIP-55); null for a name that is its service's own. */
  readonly owner: string | null;
  readonly profile: DeliveryServiceProfile;
  /** Whether the operator wants the node to be in public lists. */
  readonly listed: boolean;
  /**
   * Whether the operator grants an account to the service that watches the node, which then writes to itself through the node; left
   * out otherwise.
   */
  readonly canary?: boolean;
  readonly signedAtSec: number;
}

/** JSON. What the record beside it says is left out. */
export interface NodeProof extends Pick<NodeClaim, "owner" | "listed" | "canary" | "signedAtSec"> {
  /** Ed25519, base64 of 64 bytes. */
  readonly signature: string;
}

/** As a relay node is registered: its profile, and its proof beside the fields. */
export interface ProvenProfile extends DeliveryServiceProfile {
  readonly proof?: NodeProof;
}

/** What is signed. */
export function nodeStatement(claim: NodeClaim): string {
  const { name, owner, profile, listed, canary = false, signedAtSec } = claim;
  return [
    `I run the DM3 relay node ${name}.`,
    `owner of the name: ${owner ?? "its service"}`,
    `profile: ${dm3Hash(profile)}`,
    `in public lists: ${listed ? "yes" : "no"}`,
    ...(canary ? ["account for a canary: yes"] : []),
    `signed at: ${signedAtSec}`,
  ].join("\n");
}

/** @param privateKey of the node's signing key: an Ed25519 seed, 32 bytes, alone or with the public key behind it */
export function proveNode(privateKey: Uint8Array, claim: NodeClaim): NodeProof {
  const { owner, listed, canary = false, signedAtSec } = claim;
  const signature = signStatement(privateKey, nodeStatement(claim));
  return { owner, listed, ...(canary && { canary }), signedAtSec, signature };
}

/** As it is registered; parameters as of `proveNode`. */
export function provenProfile(privateKey: Uint8Array, claim: NodeClaim): ProvenProfile {
  return { ...claim.profile, proof: proveNode(privateKey, claim) };
}

/** @throws INVALID_PROFILE naming the first field that breaks a rule */
export function parseNodeProof(json: unknown): NodeProof {
  const { canary, ...proof } = closedObject<Required<NodeProof>>(
    document("proof of the relay node", json),
    {
      owner: ownerOrNull,
      listed: flag,
      canary: trueOrLeftOut,
      signedAtSec: unixSeconds,
      signature: keySignature,
    },
  );
  return canary ? { ...proof, canary } : proof;
}

/** Whether the node with this profile says so of this name and its owner. */
export function isProofOf(
  { name, owner, profile }: Pick<NodeClaim, "name" | "owner" | "profile">,
  proof: NodeProof,
): boolean {
  if (proof.owner !== owner) return false;
  const { signature, ...claimed } = proof;
  const statement = nodeStatement({ name, profile, ...claimed });
  return isSignedStatement(profile.publicSigningKey, statement, signature);
}

/** @throws WRONG_SIGNER */
export function assertProofOf(
  claim: Pick<NodeClaim, "name" | "owner" | "profile">,
  proof: NodeProof,
): void {
  if (isProofOf(claim, proof)) return;
  throw new SignpostError(
    "WRONG_SIGNER",
    `The proof is not by the signing key of the profile for ${claim.name}, owned by ${claim.owner ?? "its service"}. Make it again with that node's key: signpost node prove.`,
    { name: claim.name },
  );
}
