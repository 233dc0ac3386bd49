/** Autocrypt header fields (Autocrypt Level 1, section 2.1): the sender's certificate with every mail. */
import { decodeForgivingBase64, encodeBase64 } from "../../../dm3/base64.js";
import type { HeaderField } from "../mime/headerField.js";
import { LARGEST_CERTIFICATE } from "./certificate.js";

/** What the key's line has in a header, so that it can be folded. */
const CHUNK = 70;

export interface AutocryptKey {
  readonly address: string;
  /** Binary. */
  readonly certificate: Uint8Array;
}

export function autocryptField(key: AutocryptKey): HeaderField {
  return ["Autocrypt", `addr=${key.address}; prefer-encrypt=mutual; ${keydataOf(key)}`];
}

/** The certificate of somebody else (section 2.5). */
export function gossipField(key: AutocryptKey): HeaderField {
  return ["Autocrypt-Gossip", `addr=${key.address}; ${keydataOf(key)}`];
}

function keydataOf({ certificate }: AutocryptKey): string {
  const key = encodeBase64(certificate).replace(new RegExp(`.{${CHUNK}}`, "g"), "$& ");
  return `keydata= ${key}`.trimEnd();
}

/**
 * Null for a field that has to be ignored: without an address or key, with an attribute that is unknown and critical, or too long.
 * @param value unfolded
 */
export function readAutocrypt(value: string): AutocryptKey | null {
  if (value.length > 2 * LARGEST_CERTIFICATE) return null;
  const attributes = new Map<string, string>();
  for (const attribute of value.split(";")) {
    const [, name, text = ""] = /^\s*([\w-]+)\s*=([^]*)$/.exec(attribute) ?? [];
    if (name === undefined) continue;
    if (attributes.has(name)) return null;
    attributes.set(name, text.trim());
  }
  const isKnown = (name: string) =>
    ["addr", "prefer-encrypt", "keydata"].includes(name) || name.startsWith("_");
  const [address, key] = [attributes.get("addr"), attributes.get("keydata")];
  if (!address || !key || ![...attributes.keys()].every(isKnown)) return null;
  try {
    return { address: address.toLowerCase(), certificate: decodeForgivingBase64(key) };
  } catch {
    return null;
  }
}
