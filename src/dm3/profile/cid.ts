/** Content identifiers of IPFS (CID, version 0 and 1), in the three bases that they are written in. */
import { decodeBits } from "../bitText.js";

export interface Cid {
  /** What the block is: 0x55 raw bytes, 0x70 a node of a graph (dag-pb). */
  readonly codec: number;
  /** How the block is hashed: 0x12 for SHA2-256. */
  readonly hash: number;
  readonly digest: Uint8Array;
}

export const RAW = 0x55;
export const DAG_PB = 0x70;
export const SHA2_256 = 0x12;

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Null for what is no CID. A caller bounds the length: a long text takes quadratic time. */
export function decodeCid(text: string): Cid | null {
  // version 0 is a bare hash, always of this kind and so always with this beginning
  if (text.startsWith("Qm")) {
    const bytes = decodeNumber(text, BASE58);
    return bytes?.length === 34 ? multihash(DAG_PB, bytes) : null;
  }
  const bytes = decodeMultibase(text);
  if (bytes?.[0] !== 1) return null;
  const codec = varint(bytes.subarray(1));
  return codec && multihash(codec.value, codec.rest);
}

function decodeMultibase(text: string): Uint8Array | null {
  const digits = text.slice(1);
  if (text.startsWith("b")) return decodeBits(digits, BASE32);
  if (text.startsWith("k")) return decodeNumber(digits, BASE36);
  return text.startsWith("z") ? decodeNumber(digits, BASE58) : null;
}

function multihash(codec: number, bytes: Uint8Array): Cid | null {
  const hash = varint(bytes);
  const length = hash && varint(hash.rest);
  if (length?.value !== length?.rest.length) return null;
  return hash && length && { codec, hash: hash.value, digest: length.rest };
}

/** A number in groups of 7 bits, the lowest first; all that CIDs have in use fit into four. */
export function varint(bytes: Uint8Array): { value: number; rest: Uint8Array } | null {
  let value = 0;
  for (const [at, byte] of bytes.subarray(0, 4).entries()) {
    value |= (byte & 127) << (7 * at);
    if (byte < 128) return { value, rest: bytes.subarray(at + 1) };
  }
  return null;
}

/** Digits of one large number. Leading zeros would be bytes of their own; no CID begins with one. */
function decodeNumber(text: string, digits: string): Uint8Array | null {
  if (text === "" || text[0] === digits[0]) return null;
  let value = 0n;
  for (const character of text) {
    const digit = digits.indexOf(character);
    if (digit === -1) return null;
    value = value * BigInt(digits.length) + BigInt(digit);
  }
  const hex = value.toString(16);
  const pairs = hex.padStart(hex.length + (hex.length % 2), "0").match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}
