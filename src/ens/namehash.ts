/** ENSIP-1 namehash: the 32-byte `node` by which registries, resolvers and our database know a name. */
import { keccak_256 } from "@noble/hashes/sha3.js";

const encoder = new TextEncoder();

/** The node of a name in normal form; the empty name is the root, 32 zero bytes. */
export function namehash(name: string): Uint8Array {
  if (name === "") return new Uint8Array(32);
  return name.split(".").reduceRight<Uint8Array>(childNode, new Uint8Array(32));
}

function childNode(parent: Uint8Array, label: string): Uint8Array {
  const parentAndLabel = new Uint8Array(64);
  parentAndLabel.set(parent);
  parentAndLabel.set(labelhash(label), 32);
  return keccak_256(parentAndLabel);
}

/** keccak256 of one label, as ENS registries take it. */
export function labelhash(label: string): Uint8Array {
  return keccak_256(encoder.encode(label));
}
