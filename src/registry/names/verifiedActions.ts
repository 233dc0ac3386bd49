/** Actions from untrusted input: what they hold was verified. */
import { parseDeliveryServiceProfile, parseSignedUserProfile } from "../../dm3/profile/profile.js";
import { encodeDataUri, encodeDeliveryServiceRecord } from "../../dm3/profile/profileRecord.js";
import { assertParsedSignedBy } from "../../dm3/profile/profileSignature.js";
import { assertCertificateOf, parseCertificate } from "../../dm3/statement/certificate.js";
import { assertNetworkOf, parseNetworkRecord } from "../../dm3/statement/networkRecord.js";
import { assertProofOf, parseNodeProof } from "../../dm3/statement/nodeProof.js";
import { stringify } from "../../dm3/stringify.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import type { OwnRecords } from "../../wire/ownRecords.js";
import type { Action } from "./action.js";
import { parseOwnRecords } from "./ownRecords.js";
import { profileFingerprint } from "./profileFingerprint.js";
import { assertUsable } from "./usableRecords.js";

/**
 * @param address the wallet: served as addr(60) of the name from now on
 * @param signedUserProfile untrusted: a SignedUserProfile, if it is one
 * @throws INVALID_PROFILE, WRONG_SIGNER when it was not signed by `address`
 */
export function profileAction(
  address: Address,
  signedUserProfile: unknown,
): Action & { kind: "publishProfile" } {
  const signed = parseSignedUserProfile(signedUserProfile);
  assertParsedSignedBy(address, signed);
  return {
    kind: "publishProfile",
    address,
    record: encodeDataUri(signed),
    fingerprint: profileFingerprint(address, signed.profile),
  };
}

/** Throws INVALID_REQUEST for a reserved key, or a record that its standard forbids or no client can use. */
export async function recordsAction(own: OwnRecords): Promise<Action> {
  const records = parseOwnRecords(own);
  await assertUsable(records);
  return { kind: "setRecords", records };
}

/** The same of records that were taken once, by the rules of their time. */
export function earlierRecordsAction(own: OwnRecords): Action {
  return { kind: "setRecords", records: parseOwnRecords(own) };
}

/**
 * @param relayNode untrusted: a DeliveryServiceProfile, if it is one, and perhaps the node's `proof` beside its fields
 * @throws INVALID_PROFILE, WRONG_SIGNER when the node did not sign the proof for this name
 */
export function relayNodeAction(name: string, relayNode: unknown): Action {
  const { proof: given, ...rest } = Object(relayNode ?? {}) as { readonly proof?: unknown };
  const profile = parseDeliveryServiceProfile(given === undefined ? relayNode : rest);
  const record = encodeDeliveryServiceRecord(profile);
  if (given === undefined) return { kind: "registerRelayNode", record, proof: null };
  const proof = parseNodeProof(given);
  const { owner } = proof;
  assertProofOf({ name, owner, profile }, proof);
  return { kind: "registerRelayNode", record, proof: { record: stringify(proof), owner } };
}

/**
 * @param network untrusted: a NetworkRecord, if it is one
 * @throws INVALID_PROFILE, WRONG_SIGNER when not all of its relay nodes signed it for this name
 */
export function networkAction(name: string, network: unknown): Action {
  const record = parseNetworkRecord(network);
  const { owner } = record;
  assertNetworkOf(name, owner, record);
  return { kind: "registerNetwork", statement: { record: stringify(record), owner } };
}

/**
 * @param certificate untrusted: a CertificateRecord, if it is one
 * @throws INVALID_PROFILE, WRONG_SIGNER when the key that it names did not sign it for this name
 */
export function certificateAction(
  name: string,
  certificate: unknown,
): Action & { kind: "publishCertificate" } {
  const record = parseCertificate(certificate);
  const { scheme, publicSigningKey } = record;
  assertCertificateOf(name, publicSigningKey, record);
  return { kind: "publishCertificate", scheme, record: stringify(record), publicSigningKey };
}

/** Throws INVALID_REQUEST for the zero address: nobody could ever sign for the name again. */
export function moveAction(to: Address): Action {
  if (to.every((byte) => byte === 0)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `A name cannot move to ${checksumAddress(to)}, which nobody owns. Delete the name instead.`,
    );
  }
  return { kind: "move", to };
}
