/**
 * A user's certificate for another network's own end-to-end encryption, such as an OpenPGP certificate: signed by the user's DM3
 * signing key over certificate, name and native address. A bridge hands on no other one, so it cannot put its own in the place.
 *
 * The text record `network.dm3.certificate.<scheme>` of the user's name, JSON. It counts while the name's profile has that key.
 */
import { toHex } from "../../abi/hex.js";
import { sha256 } from "../../abi/sha256.js";
import { SignpostError } from "../../errors.js";
import { decodeBase64 } from "../base64.js";
import { closedObject, document, type Field } from "../profile/closedObject.js";
import { publicKey, textOf } from "../profile/profileFields.js";
import { keySignature, oneOf, unixSeconds } from "./statementFields.js";
import { isSignedStatement, signStatement } from "./statementSignature.js";

const CERTIFICATE_KEYS = "network.dm3.certificate.";

export const CERTIFICATE_SCHEMES = ["openpgp"] as const;

export type CertificateScheme = (typeof CERTIFICATE_SCHEMES)[number];

/** In bytes; an OpenPGP certificate with a post-quantum key has less than half of it. */
const LONGEST_CERTIFICATE = 16_384;
const LONGEST_ADDRESS = 320;

export interface CertificateRecord {
  readonly scheme: CertificateScheme;
  /** Base64 of the certificate in binary. */
  readonly certificate: string;
  /** What the user is called in that network: `alice.eth@mail.example`. */
  readonly address: string;
  readonly signedAtSec: number;
  /** The user's DM3 signing key that signed: base64 of 32 bytes. */
  readonly publicSigningKey: string;
  /** Ed25519, base64 of 64 bytes. */
  readonly signature: string;
}

export type CertificateClaim = Omit<CertificateRecord, "publicSigningKey" | "signature"> & {
  /** In normal form. */
  readonly name: string;
};

export function certificateKey(scheme: CertificateScheme): string {
  return `${CERTIFICATE_KEYS}${scheme}`;
}

/** The record's scheme, of a text record's key; null where it is another record. */
export function schemeOfKey(key: string): CertificateScheme | null {
  return CERTIFICATE_SCHEMES.find((scheme) => certificateKey(scheme) === key) ?? null;
}

/** What is signed. */
export function certificateStatement(claim: CertificateClaim): string {
  return [
    `This is my ${claim.scheme} certificate.`,
    `name: ${claim.name}`,
    `address: ${claim.address}`,
    `certificate: ${toHex(sha256(decodeBase64(claim.certificate)))}`,
    `signed at: ${claim.signedAtSec}`,
  ].join("\n");
}

/**
 * @param privateKey of the user's signing key: an Ed25519 seed, 32 bytes, alone or with the public key behind it
 * @param publicSigningKey of the same key, base64
 */
export function signCertificate(
  privateKey: Uint8Array,
  publicSigningKey: string,
  claim: CertificateClaim,
): CertificateRecord {
  const { scheme, certificate, address, signedAtSec } = claim;
  const signature = signStatement(privateKey, certificateStatement(claim));
  return { scheme, certificate, address, signedAtSec, publicSigningKey, signature };
}

/** @throws INVALID_PROFILE naming the first field that breaks a rule */
export function parseCertificate(json: unknown): CertificateRecord {
  return closedObject<CertificateRecord>(document("certificate record", json), {
    scheme: oneOf(CERTIFICATE_SCHEMES),
    certificate,
    address,
    signedAtSec: unixSeconds,
    publicSigningKey: publicKey,
    signature: keySignature,
  });
}

/** Whether the key that it names signed it for this name. */
export function isCertificateOf(name: string, record: CertificateRecord): boolean {
  const { publicSigningKey, signature } = record;
  return isSignedStatement(publicSigningKey, certificateStatement({ ...record, name }), signature);
}

/**
 * @param publicSigningKey of the name's profile, base64
 * @throws WRONG_SIGNER
 */
export function assertCertificateOf(
  name: string,
  publicSigningKey: string,
  record: CertificateRecord,
): void {
  if (record.publicSigningKey === publicSigningKey && isCertificateOf(name, record)) return;
  throw new SignpostError(
    "WRONG_SIGNER",
    `The certificate is not signed for ${name} by the signing key of its published profile. Sign it with that key: signpost certificate sign.`,
    { name },
  );
}

function certificate(field: Field): string {
  const given = textOf(field);
  const length = given.length > 2 * LONGEST_CERTIFICATE ? Infinity : lengthOf(field, given);
  if (length >= 1 && length <= LONGEST_CERTIFICATE) return given;
  throw field.refusal(`must be base64 of 1 to ${LONGEST_CERTIFICATE} bytes`);
}

function lengthOf(field: Field, base64: string): number {
  try {
    return decodeBase64(base64).length;
  } catch {
    throw field.refusal("must be canonical base64");
  }
}

/** One line of text: its own form is the network's matter. */
function address(field: Field): string {
  const given = textOf(field);
  if (given.length > LONGEST_ADDRESS || !/^[^\s\p{C}]+@[^\s\p{C}@]+$/u.test(given)) {
    throw field.refusal(`must be local@domain, at most ${LONGEST_ADDRESS} characters`);
  }
  return given;
}
