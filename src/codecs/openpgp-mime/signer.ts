/**
 * Who signed a mail. The fingerprint is the person: an address that has a certificate here is spoken for by it alone, and another one
 * under the same address is told and never taken by itself.
 */
import type { Message, PublicKey } from "openpgp";
import { isSignpostError, SignpostError } from "../../errors.js";
import type { AutocryptKey } from "./keys/autocrypt.js";
import { fingerprintOf, readCertificate } from "./keys/certificate.js";
import type { Fingerprint } from "./keys/fingerprint.js";
import { isVerdict } from "./keys/libraryFailure.js";
import { malformed } from "./mime/headerBlock.js";
import { FAILED, notOneText, openingConfig } from "./openMail.js";
import type { KnownSenders, MailSigner } from "./senders.js";

export interface SignedBy {
  readonly message: Message<Uint8Array>;
  /** In lower case. */
  readonly from: string;
  /** What the mail brings for this address. */
  readonly offered: AutocryptKey | null;
}

/** Clocks of senders may be ahead by so much. */
const CLOCK_SKEW_MS = 3_600_000;
const MOST_SIGNATURES = 4;

/** @throws MAIL_UNSIGNED, UNKNOWN_MAIL_SIGNER, WRONG_MAIL_SIGNATURE, CHANGED_CERTIFICATE, MAIL_MALFORMED, UNUSABLE_CERTIFICATE */
export async function signerOf(signed: SignedBy, senders: KnownSenders): Promise<MailSigner> {
  const { from } = signed;
  const known = await Promise.all((await senders.ofAddress(from)).map(readCertificate));
  const offered = await offeredKey(signed);
  const offeredFingerprint = offered === null ? null : fingerprintOf(offered);
  const same = known.findIndex((key) => fingerprintOf(key) === offeredFingerprint);
  // the mail may bring newer parts of what is known
  if (offered !== null && known[same] !== undefined)
    known[same] = await known[same].update(offered);
  const isOther = offered !== null && same === -1;
  const signatures = await verified(signed, isOther ? [...known, offered] : known);
  const valid = signatures.find(
    ({ key, isValid }) => isValid && key !== null && known.includes(key),
  );
  const brought = (key: PublicKey) =>
    fingerprintOf(key) === offeredFingerprint ? (signed.offered?.certificate ?? null) : null;
  if (valid?.key != null) {
    const { key, signedAtMs } = valid;
    return { fingerprint: fingerprintOf(key), is: "known", signedAtMs, certificate: brought(key) };
  }
  const wrong = signatures.find(({ key }) => key !== null && known.includes(key));
  if (wrong?.key != null) throw wrongSignature(from, fingerprintOf(wrong.key));
  const byOffered = signatures.find(({ key }) => key !== null && key === offered);
  if (known.length > 0) throw changed(from, known, byOffered?.isValid === true ? offered : null);
  if (offered === null || byOffered === undefined) throw unknownSigner(from);
  const fingerprint = fingerprintOf(offered);
  if (!byOffered.isValid) throw wrongSignature(from, fingerprint);
  const is = (await senders.isKnown(fingerprint)) ? "moved" : "new";
  return { fingerprint, is, signedAtMs: byOffered.signedAtMs, certificate: brought(offered) };
}

/** Null where the mail brings none for its sender, or one that cannot be read. */
async function offeredKey({ offered, from }: SignedBy): Promise<PublicKey | null> {
  if (offered === null || offered.address !== from) return null;
  return readCertificate(offered.certificate).catch((error: unknown) => {
    if (isSignpostError(error, "UNUSABLE_CERTIFICATE")) return null;
    throw error;
  });
}

interface CheckedSignature {
  /** Whose it says to be; null for nobody's who was asked about. */
  readonly key: PublicKey | null;
  readonly isValid: boolean;
  readonly signedAtMs: number | null;
}

async function verified(
  { message, from }: SignedBy,
  keys: readonly PublicKey[],
): Promise<readonly CheckedSignature[]> {
  const date = new Date(Date.now() + CLOCK_SKEW_MS);
  const config = await openingConfig();
  const results = await message.verify([...keys], date, config).catch((cause: unknown) => {
    throw isVerdict(cause) ? notOneText(cause) : notChecked(cause);
  });
  if (results.length > MOST_SIGNATURES) throw notOneText();
  if (results.length === 0) throw unsigned(from);
  return Promise.all(
    results.map(async ({ keyID, verified, signature }) => ({
      // as the library chooses it
      key: keys.find((key) => key.getKeys(keyID).length > 0) ?? null,
      isValid: await verified.catch((cause: unknown) => {
        if (isVerdict(cause)) return false;
        throw notChecked(cause);
      }),
      signedAtMs: (await signature.catch(() => null))?.packets[0]?.created?.getTime() ?? null,
    })),
  );
}

function notChecked(cause: unknown): SignpostError {
  return malformed("signature", FAILED, cause);
}

function changed(address: string, known: readonly PublicKey[], offered: PublicKey | null) {
  const fingerprint = offered === null ? null : fingerprintOf(offered);
  return new SignpostError(
    "CHANGED_CERTIFICATE",
    `The mail from ${address} is signed by another key than the one that is known. Ask the sender which one is right before you take it.`,
    { address, known: known.map(fingerprintOf), offered: fingerprint },
  );
}

function wrongSignature(from: string, fingerprint: Fingerprint) {
  return new SignpostError(
    "WRONG_MAIL_SIGNATURE",
    `The mail says that the key ${fingerprint} of ${from} signed it, and the signature does not hold. Do not show it.`,
    { from, fingerprint },
  );
}

function unknownSigner(from: string) {
  return new SignpostError(
    "UNKNOWN_MAIL_SIGNER",
    `There is no certificate of ${from}, and the mail brings none that signed it. Import the sender's certificate.`,
    { from },
  );
}

function unsigned(from: string) {
  return new SignpostError(
    "MAIL_UNSIGNED",
    `The mail says that it is from ${from}, and nobody signed it. Do not show it.`,
    { from },
  );
}
