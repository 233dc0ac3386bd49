/**
 * A network record on its way from one relay node's operator to the next, until all nodes have signed it:
 *
 *   {"kind": "gateway", ..., "relayNodes": ["one.example.eth", {"name": "two.example.eth", "publicSigningKey", "signature"}]}
 *
 * A node that has not signed stands there by its name alone. `owner` and `signedAtSec` come with the first signature.
 */
import { SignpostError } from "../../errors.js";
import { encodeBase64 } from "../base64.js";
import {
  claimOf,
  type NetworkClaim,
  networkStatement,
  parseNetworkRecord,
  type SigningNode,
  signNetwork,
} from "./networkRecord.js";
import { isSignedStatement } from "./statementSignature.js";

export interface Draft {
  readonly claim: NetworkClaim;
  /** In the order of the claim; null for a node that has not signed. */
  readonly signed: readonly (SigningNode | null)[];
}

/** In the place of a signature that is not there, so that the rest can be read by its rules. */
const UNSIGNED = {
  publicSigningKey: encodeBase64(new Uint8Array(32)),
  signature: encodeBase64(new Uint8Array(64)),
};

/**
 * @param json untrusted
 * @param first what the first signature is for, where the draft has none
 * @throws INVALID_PROFILE, WRONG_SIGNER where the draft was changed after somebody signed it
 */
function readDraft(
  name: string,
  json: unknown,
  first: Pick<NetworkClaim, "owner" | "signedAtSec">,
): Draft {
  const given = Object(json ?? {}) as Readonly<Record<string, unknown>>;
  const nodes = Array.isArray(given["relayNodes"]) ? (given["relayNodes"] as unknown[]) : null;
  const isUnsigned = (node: unknown) => typeof node === "string";
  const record = parseNetworkRecord({
    ...first,
    ...given,
    ...(nodes && {
      relayNodes: nodes.map((node) => (isUnsigned(node) ? { name: node, ...UNSIGNED } : node)),
    }),
  });
  const claim = claimOf(name, record);
  const signed = record.relayNodes.map((node, index) => (isUnsigned(nodes?.[index]) ? null : node));
  const statement = networkStatement(claim);
  for (const node of signed) {
    if (node === null) continue;
    if (isSignedStatement(node.publicSigningKey, statement, node.signature)) continue;
    throw new SignpostError(
      "WRONG_SIGNER",
      `The signature of ${node.name} is for another record, name or owner. Let it sign again: put its name alone in the place of its signature.`,
      { name },
    );
  }
  return { claim, signed };
}

/**
 * The draft, signed by one of its relay nodes.
 * @param node its name; undefined for the only one that has not signed
 * @param key its signing key: private part an Ed25519 seed, 32 bytes, alone or with the public key behind it
 * @throws INVALID_REQUEST where it is not clear which one signs, or the draft does not name it
 */
export function signedBy(
  draft: Draft,
  node: string | undefined,
  key: { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array },
): Draft {
  const index = placeOf(draft, node);
  const signing: SigningNode = {
    name: draft.claim.relayNodes[index] ?? "",
    publicSigningKey: encodeBase64(key.publicKey),
    signature: signNetwork(key.privateKey, draft.claim),
  };
  return { ...draft, signed: draft.signed.with(index, signing) };
}

/** Of the node that signs now. */
function placeOf({ claim, signed }: Draft, node: string | undefined): number {
  const unsigned = claim.relayNodes.filter((_, index) => signed[index] === null);
  const [only, ...others] = unsigned;
  const found = node ?? (others.length === 0 ? only : undefined);
  if (found === undefined) {
    throw wrongUsage(
      unsigned.length === 0
        ? "All of its relay nodes have signed. Register it: signpost network register."
        : `Several relay nodes have not signed yet: ${unsigned.join(", ")}. Give the --node whose key this is.`,
    );
  }
  const index = claim.relayNodes.findIndex((name) => name === found);
  if (index !== -1) return index;
  throw wrongUsage(`The record does not name ${found}. It names ${claim.relayNodes.join(", ")}.`);
}

function wrongUsage(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence);
}

/** What an operator says of the owner: an address with its checksum, or nothing, which is null for a draft that nobody signed. */
export interface DraftWish {
  readonly owner: string | undefined;
  readonly nowSec: number;
}

/**
 * The draft that a relay node is about to sign.
 * @throws INVALID_REQUEST where others signed it for another owner; and as `readDraft`
 */
export function draftToSign(name: string, json: unknown, { owner, nowSec }: DraftWish): Draft {
  const draft = readDraft(name, json, { owner: owner ?? null, signedAtSec: nowSec });
  if (owner === undefined || draft.claim.owner === owner) return draft;
  throw wrongUsage(`The record is for the owner ${draft.claim.owner ?? "null"}, not for ${owner}.`);
}

/** As the next operator gets it, or as it is registered when all have signed. */
export function draftJson({ claim, signed }: Draft): Readonly<Record<string, unknown>> {
  const { owner, description, relayNodes, signedAtSec } = claim;
  return {
    ...description,
    ...{ owner, signedAtSec },
    relayNodes: relayNodes.map((name, index) => signed[index] ?? name),
  };
}
