/**
 * A user's word that an address of another network is theirs: a messaging gateway then hands the messages of the user's DM3
 * name over there. Signed by the DM3 signing key, because signed profiles are public: whoever has one of somebody else's
 * could otherwise have that person's messages sent to an address of their own.
 */
import { SignpostError } from "../../errors.js";
import { closedObject, document, type Field } from "../profile/closedObject.js";
import { parseSignedUserProfile, type SignedUserProfile } from "../profile/profile.js";
import { deliveryServiceName, textOf } from "../profile/profileFields.js";
import { type LinkClaim, linkStatement } from "./linkStatement.js";
import { keySignature, unixSeconds } from "./statementFields.js";
import { isSignedStatement, signStatement } from "./statementSignature.js";

/** What a user's client sends: JSON. The address is not in it: the network says who sends. */
export interface AddressLink extends Pick<LinkClaim, "name" | "signedAtSec"> {
  /** As the user's wallet signed it. */
  readonly profile: SignedUserProfile;
  /** The wallet, 0x and 40 digits. */
  readonly wallet: string;
  /** Ed25519 of the profile's signing key, base64 of 64 bytes. */
  readonly signature: string;
}

const WALLET = /^0x[0-9a-fA-F]{40}$/;

/**
 * @param privateKey of the profile's signing key: an Ed25519 seed, 32 bytes, alone or with the public key behind it
 * @returns base64 of 64 bytes
 */
export function signLink(privateKey: Uint8Array, claim: LinkClaim): string {
  return signStatement(privateKey, linkStatement(claim));
}

/** @throws INVALID_PROFILE naming the first field that breaks a rule */
export function parseAddressLink(json: unknown): AddressLink {
  return closedObject<AddressLink>(document("link", json), {
    name: deliveryServiceName,
    profile: (field) => parseSignedUserProfile(field.value),
    wallet: (field: Field) => {
      const given = textOf(field);
      if (!WALLET.test(given)) throw field.refusal("must be an address: 0x and 40 digits");
      return given;
    },
    signedAtSec: unixSeconds,
    signature: keySignature,
  });
}

/** @throws WRONG_SIGNER where the profile's own key did not sign it for this address and relay node */
export function assertLinkOf(
  { address, relayNode }: Pick<LinkClaim, "address" | "relayNode">,
  { name, profile: { profile }, signedAtSec, signature }: AddressLink,
): void {
  const statement = linkStatement({ name, address, relayNode, signedAtSec });
  if (isSignedStatement(profile.publicSigningKey, statement, signature)) return;
  throw new SignpostError(
    "WRONG_SIGNER",
    `The link is not signed by the profile's signing key for ${address} at the relay node ${relayNode}. Sign it with that key.`,
    { name },
  );
}
