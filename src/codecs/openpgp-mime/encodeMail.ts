/**
 * From what a DM3 user says to the finished mail: signed and encrypted in one, with identity, threading and the sender's
 * certificate inside. Outside there is nothing but the encryption.
 */
import { SignpostError } from "../../errors.js";
import { encryptedEntity } from "./encryptedEntity.js";
import { innerEntity, type NewMail } from "./innerEntity.js";
import { gossipField } from "./keys/autocrypt.js";
import {
  assertSigns,
  assertTakesMail,
  fingerprintOf,
  readCertificate,
  readMailKey,
} from "./keys/certificate.js";
import type { Fingerprint } from "./keys/fingerprint.js";
import { openMailKey } from "./keys/mailKey.js";
import { loadOpenPgp } from "./libraries.js";
import type { HeaderField } from "./mime/headerField.js";

/** In bytes; a bridge ignores longer ones. */
const LONGEST_HANDED_OVER = 7_600;

export interface MailKeys {
  /** The sender's, as `makeMailKey` gives it: binary, without a passphrase. */
  readonly privateKey: Uint8Array;
  /** Of all receivers, binary; behind them that of the sender's own devices, if they should read it. */
  readonly certificates: readonly Uint8Array[];
}

/**
 * @returns the entity that `encryptedEntity` describes
 * @throws INVALID_REQUEST for an address, an id or a date that is none; UNUSABLE_CERTIFICATE; INVALID_CONFIGURATION without the
 *   libraries
 */
export async function encodeMail(mail: NewMail, keys: MailKeys): Promise<Uint8Array> {
  const { certificate, fingerprint } = await openMailKey(keys.privateKey);
  const armored = await encrypted(innerEntity(mail, certificate), keys);
  const fields = await handedOver(mail.to, keys.certificates, fingerprint);
  return encryptedEntity(armored, `${mail.messageId} outside`, fields);
}

/** For the bridge: the certificate of the one receiver, so that a report to that person can be encrypted. */
async function handedOver(
  [address, ...others]: readonly string[],
  certificates: readonly Uint8Array[],
  own: Fingerprint,
): Promise<readonly HeaderField[]> {
  if (address === undefined || others.length > 0) return [];
  for (const certificate of certificates) {
    if (fingerprintOf(await readCertificate(certificate)) === own) continue;
    if (certificate.length > LONGEST_HANDED_OVER) return [];
    return [gossipField({ address: address.toLowerCase(), certificate })];
  }
  return [];
}

/** @returns ASCII armor */
async function encrypted(
  binary: Uint8Array,
  { privateKey, certificates }: MailKeys,
): Promise<string> {
  const { createMessage, encrypt, enums } = await loadOpenPgp();
  const [signingKeys, ...encryptionKeys] = await Promise.all([
    readMailKey(privateKey),
    ...certificates.map(readCertificate),
  ]);
  if (encryptionKeys.length === 0) {
    const sentence = "A mail needs the certificates of its receivers: give one at least.";
    throw new SignpostError("INVALID_REQUEST", sentence, { field: "certificates" });
  }
  await Promise.all([assertSigns(signingKeys), ...encryptionKeys.map(assertTakesMail)]);
  const armored: unknown = await encrypt({
    message: await createMessage({ binary }),
    encryptionKeys,
    signingKeys,
    format: "armored",
    config: {
      // SEIPD of version 1, which every client in use reads
      aeadProtect: false,
      preferredCompressionAlgorithm: enums.compression.zlib,
    },
  });
  return String(armored);
}
