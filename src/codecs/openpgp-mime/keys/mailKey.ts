/**
 * The OpenPGP key of a DM3 user towards mail: version 4, Ed25519 and Curve25519 in the old encoding, which every client in use
 * reads. Its primary key signs and is the person for life; encryption subkeys may be changed.
 */
import type { PrivateKey } from "openpgp";
import {
  formatNativeAddress,
  parseNativeAddress,
} from "../../../messaging/address/nativeAddress.js";
import { loadOpenPgp } from "../libraries.js";
import { fingerprintOf, readMailKey } from "./certificate.js";
import type { Fingerprint } from "./fingerprint.js";

export interface MailKey {
  readonly fingerprint: Fingerprint;
  /** A transferable secret key (RFC 9580, section 10.2), binary, without a passphrase: a secret. */
  readonly privateKey: Uint8Array;
  /** What others get: primary key, user id, and the one encryption subkey that is in use. Binary. */
  readonly certificate: Uint8Array;
}

export interface MailKeyWish {
  /** `carol.eth@mail.example`; the user id has it in lower case. */
  readonly address: string;
  /** Milliseconds since 1970; now, where it is absent. */
  readonly createdMs?: number;
}

/** @throws INVALID_REQUEST for an address that is none */
export async function makeMailKey({ address, createdMs }: MailKeyWish): Promise<MailKey> {
  const email = formatNativeAddress(parseNativeAddress(address, "mail"));
  const { enums, generateKey } = await loadOpenPgp();
  const { privateKey } = await generateKey({
    // an address alone: "<carol.eth@mail.example>"
    ...{ type: "ecc", curve: "ed25519Legacy", userIDs: { email }, format: "object" },
    ...(createdMs !== undefined && { date: new Date(createdMs) }),
    // gpg compresses for those whose key prefers it, and files are in base64 twice
    config: { preferredCompressionAlgorithm: enums.compression.zlib },
  });
  return mailKeyOf(privateKey);
}

/** The rest of a key that was kept. @throws UNUSABLE_CERTIFICATE */
export async function openMailKey(privateKey: Uint8Array): Promise<MailKey> {
  return mailKeyOf(await readMailKey(privateKey));
}

/**
 * The key with a new encryption subkey. Older ones stay in the private key, so that what is on its way can be opened, and leave the
 * certificate: Delta Chat writes to the first one, gpg to the newest.
 * @throws UNUSABLE_CERTIFICATE
 */
export async function rotateMailKey(privateKey: Uint8Array, createdMs?: number): Promise<MailKey> {
  const key = await readMailKey(privateKey);
  const rotated = await key.addSubkey({
    ...{ type: "ecc", curve: "curve25519Legacy" },
    ...(createdMs !== undefined && { date: new Date(createdMs) }),
  });
  return mailKeyOf(rotated);
}

function mailKeyOf(key: PrivateKey): MailKey {
  const shown = key.toPublic();
  const newest = shown.subkeys.reduce<(typeof shown.subkeys)[number] | undefined>(
    (last, one) =>
      last === undefined || one.getCreationTime() >= last.getCreationTime() ? one : last,
    undefined,
  );
  shown.subkeys = newest === undefined ? [] : [newest];
  return {
    fingerprint: fingerprintOf(shown),
    privateKey: key.write(),
    certificate: shown.write(),
  };
}
