/** The keys that sign our mail: RSA, which every server verifies, and Ed25519 (RFC 8463). */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { SignpostError } from "../errors.js";

export interface DkimKey {
  /** Of its record in DNS: `<selector>._domainkey.<mail domain>`. */
  readonly selector: string;
  readonly privateKey: KeyObject;
}

export interface DkimKeys {
  readonly rsa: DkimKey;
  readonly ed25519: DkimKey;
}

/** In bits (RFC 8301, section 3.2). */
const SHORTEST_RSA = 2_048;
const SELECTOR = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * @param pem PKCS#8
 * @throws INVALID_CONFIGURATION where it is none of this kind; the error shows nothing of the key
 */
export function readDkimKey(kind: keyof DkimKeys, selector: string, pem: string): DkimKey {
  const wrong = (problem: string) =>
    new SignpostError("INVALID_CONFIGURATION", `The DKIM key ${selector} ${problem}.`);
  if (!SELECTOR.test(selector)) {
    throw wrong("needs a selector of lower-case letters, digits and hyphens");
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw wrong("cannot be read. Give a private key in PEM (PKCS#8)");
  }
  if (privateKey.asymmetricKeyType !== kind)
    throw wrong(`is no ${kind} key. Give one of that kind`);
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? SHORTEST_RSA;
  if (bits < SHORTEST_RSA) throw wrong(`is too short. Take ${SHORTEST_RSA} bits or more`);
  return { selector, privateKey };
}

/** The TXT record that the operator publishes (RFC 6376, section 3.6.1; RFC 8463, section 4). */
export function dkimRecord({ selector, privateKey }: DkimKey, mailDomain: string) {
  const der = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const kind = privateKey.asymmetricKeyType ?? "";
  // of Ed25519 the 32 bytes alone
  const key = kind === "ed25519" ? der.subarray(-32) : der;
  return {
    name: dkimPlace(selector, mailDomain),
    text: `v=DKIM1; k=${kind}; p=${key.toString("base64")}`,
  };
}

/** Where the record of a key stands in the DNS. */
export function dkimPlace(selector: string, mailDomain: string): string {
  return `${selector}._domainkey.${mailDomain}`;
}
