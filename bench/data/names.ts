/**
 * The names of the benchmark, by number: their labels have one length, so that requests for them differ in the
 * label and the node alone.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { labelhash, namehash } from "../../src/ens/namehash.js";

export const DOMAIN = "users.example.eth";
export const LABEL_LENGTH = 8;
export const MOST_NAMES = 10 ** (LABEL_LENGTH - 1);

const parentAndLabel = new Uint8Array(64);
parentAndLabel.set(namehash(DOMAIN));

export function labelOf(number: number): string {
  return `u${number.toString().padStart(LABEL_LENGTH - 1, "0")}`;
}

export function nameOf(number: number): string {
  return `${labelOf(number)}.${DOMAIN}`;
}

/** The namehash, without hashing the parent again for each of ten million. */
export function nodeOf(number: number): Uint8Array {
  parentAndLabel.set(labelhash(labelOf(number)), 32);
  return keccak_256(parentAndLabel);
}

/** A prime: it shares no factor with any number of names that we use. */
const STRIDE = 7_368_787n;

/** The number at `position` of an order that visits each of `size` once, neighbours far apart. */
export function scattered(position: number, size: number): number {
  return Number((BigInt(position) * STRIDE) % BigInt(size));
}
