/** ENSIP-1 namehash: the 32-byte `node` by which registries, resolvers and our database know a name. */
import { keccak256 } from "../abi/keccak256.js";

const encoder = new TextEncoder();

/** Names asked in a row mostly lie under the same few domains: half of the hashing is done once for all. */
const MOST_PARENTS = 256;
const parentNodes = new Map<string, Uint8Array>();

/** The node of a name in normal form; the empty name is the root, 32 zero bytes. A buffer of the caller's own. */
export function namehash(name: string): Uint8Array {
  if (name === "") return new Uint8Array(32);
  const dot = name.indexOf(".");
  return dot === -1
    ? childNode(new Uint8Array(32), name)
    : childNode(parentNode(name.slice(dot + 1)), name.slice(0, dot));
}

function parentNode(name: string): Uint8Array {
  const known = parentNodes.get(name);
  if (known) return known;
  const node = namehash(name);
  if (parentNodes.size >= MOST_PARENTS) parentNodes.clear();
  parentNodes.set(name, node);
  return node;
}

function childNode(parent: Uint8Array, label: string): Uint8Array {
  const parentAndLabel = new Uint8Array(64);
  parentAndLabel.set(parent);
  parentAndLabel.set(labelhash(label), 32);
  return keccak256(parentAndLabel);
}

/** keccak256 of one label, as ENS registries take it. */
export function labelhash(label: string): Uint8Array {
  return keccak256(encoder.encode(label));
}
