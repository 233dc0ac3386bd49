/** ENSIP-1 namehash: the `node` by which registries, resolvers and our database know a name. */
import type { Digest } from "../abi/digest.js";
import { keccak256 } from "../abi/keccak256.js";
import { SignpostError } from "../errors.js";

declare const isNode: unique symbol;

/** The namehash of a name. */
export type Node = Uint8Array & { readonly [isNode]: true };

const NODE_BYTES = 32;

/** These bytes, not a copy, as a node. Throws INTERNAL unless they are 32. */
export function nodeFrom(bytes: Uint8Array): Node {
  if (bytes.length === NODE_BYTES) return bytes as Node;
  throw new SignpostError(
    "INTERNAL",
    `A node has ${NODE_BYTES} bytes, but this one has ${bytes.length}.`,
  );
}

const encoder = new TextEncoder();

/** Names asked in a row mostly lie under the same few domains: half of the hashing is done once for all. */
const MOST_PARENTS = 256;
const parentNodes = new Map<string, Node>();

/** The node of a name in normal form; the empty name is the root, all zeros. A buffer of the caller's own. */
export function namehash(name: string): Node {
  if (name === "") return rootNode();
  const dot = name.indexOf(".");
  return dot === -1
    ? childNode(rootNode(), labelhash(name))
    : childNode(parentNode(name.slice(dot + 1)), labelhash(name.slice(0, dot)));
}

/** The node of the name that these labels make, each given as its labelhash. */
export function nodeOfLabelhashes(labelhashes: readonly Digest[]): Node {
  return labelhashes.reduceRight(childNode, rootNode());
}

function rootNode(): Node {
  return nodeFrom(new Uint8Array(NODE_BYTES));
}

function parentNode(name: string): Node {
  const known = parentNodes.get(name);
  if (known) return known;
  // without those between: a name of hundreds of labels takes one place, and no stack
  const node = nodeOfLabelhashes(name.split(".").map(labelhash));
  if (parentNodes.size >= MOST_PARENTS) parentNodes.clear();
  parentNodes.set(name, node);
  return node;
}

function childNode(parent: Node, labelhashOfChild: Digest): Node {
  const parentAndLabel = new Uint8Array(2 * NODE_BYTES);
  parentAndLabel.set(parent);
  parentAndLabel.set(labelhashOfChild, NODE_BYTES);
  return nodeFrom(keccak256(parentAndLabel));
}

/** keccak256 of one label, as ENS registries take it. */
export function labelhash(label: string): Digest {
  return keccak256(encoder.encode(label));
}
