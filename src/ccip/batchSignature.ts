/**
 * What stands in the `signature` field of an answer: 65 bytes over its digest, as the ENS ecosystem has it, or a
 * batch. A batch is one signature for many answers, and each answer carries the path from itself to the root:
 *
 *   | root (32) | signature over the root's digest (65) | salt (16) | path (32 for each level, 1 to 12) |
 *
 *   leaf   = keccak256(LEAF_TAG, answer digest, salt)       80 bytes
 *   node   = keccak256(NODE_TAG, lower, higher)             96 bytes
 *   signed = keccak256(ROOT_TAG, root)                      64 bytes
 *
 * Each level of the path is the other child of the node above. contracts/AnswerBatch.sol is the twin; test/parity
 * holds the two together. Why it is so: docs/decisions/0030.
 */
import { sameBytes } from "../abi/bytes.js";
import { type Digest, digestFrom } from "../abi/digest.js";
import { keccak256 } from "../abi/keccak256.js";

/** r, s, v. */
export const SINGLE_BYTES = 65;
/** Of the random bytes that keep a neighbour from confirming what else was looked up. */
export const SALT_BYTES = 16;
/** Levels of the longest path: 4096 answers. */
export const MAX_PATH = 12;
export const HASH_BYTES = 32;

const SIGNATURE_AT = 32;
const SALT_AT = SIGNATURE_AT + SINGLE_BYTES;
const PATH_AT = SALT_AT + SALT_BYTES;

/** What an answer proves itself with. */
export interface BatchSignature {
  /** 32 bytes. */
  readonly root: Digest;
  /** 65 bytes, over `rootDigest(root)`. */
  readonly signature: Uint8Array;
  /** 16 bytes. */
  readonly salt: Uint8Array;
  /** 32 bytes for each level, from the leaf upwards. */
  readonly path: Uint8Array;
}

/** Of these preimages the first 32 bytes stay; the rest is written anew for each hash. */
function preimage(name: string, bytes: number): Uint8Array {
  const buffer = new Uint8Array(HASH_BYTES + bytes);
  buffer.set(keccak256(new TextEncoder().encode(name)));
  return buffer;
}

const LEAF = preimage("signpost.batch.leaf", HASH_BYTES + SALT_BYTES);
const NODE = preimage("signpost.batch.node", 2 * HASH_BYTES);
const ROOT = preimage("signpost.batch.root", HASH_BYTES);

/**
 * @param digest of the answer, see `answerDigest`
 * @param salt 16 bytes
 */
export function batchLeaf(digest: Digest, salt: Uint8Array): Digest {
  LEAF.set(digest, HASH_BYTES);
  LEAF.set(salt, 2 * HASH_BYTES);
  return keccak256(LEAF);
}

/** The node above two others, 32 bytes each, in whichever order they come. */
export function batchNode(one: Uint8Array, other: Uint8Array): Digest {
  const inOrder = isLower(one, other);
  NODE.set(inOrder ? one : other, HASH_BYTES);
  NODE.set(inOrder ? other : one, 2 * HASH_BYTES);
  return keccak256(NODE);
}

/**
 * What a path leads to.
 * @param leaf where it begins
 * @param path 32 bytes for each level, from the leaf upwards
 */
export function rootAbove(leaf: Digest, path: Uint8Array): Digest {
  let hash = leaf;
  for (let at = 0; at < path.length; at += HASH_BYTES) {
    hash = batchNode(hash, path.subarray(at, at + HASH_BYTES));
  }
  return hash;
}

/** What is signed for all answers below this root. */
export function rootDigest(root: Digest): Digest {
  ROOT.set(root, HASH_BYTES);
  return keccak256(ROOT);
}

/** As the `signature` field of an answer. */
export function encodeBatchSignature({ root, signature, salt, path }: BatchSignature): Uint8Array {
  const field = new Uint8Array(PATH_AT + path.length);
  field.set(root);
  field.set(signature, SIGNATURE_AT);
  field.set(salt, SALT_AT);
  field.set(path, PATH_AT);
  return field;
}

/** The parts of a `signature` field, not copied; null where its length is not that of a batch. */
export function batchSignatureIn(field: Uint8Array): BatchSignature | null {
  const levels = (field.length - PATH_AT) / HASH_BYTES;
  if (!Number.isInteger(levels) || levels < 1 || levels > MAX_PATH) return null;
  return {
    root: digestFrom(field.subarray(0, SIGNATURE_AT)),
    signature: field.subarray(SIGNATURE_AT, SALT_AT),
    salt: field.subarray(SALT_AT, PATH_AT),
    path: field.subarray(PATH_AT),
  };
}

/** What was signed and the 65 bytes that sign it; or why the contract would not look at the signer at all. */
export type SignedDigest =
  | { readonly fault: null; readonly digest: Digest; readonly signature: Uint8Array }
  /** Neither 65 bytes nor a batch: `InvalidSignatureLength` of the contract. */
  | { readonly fault: "length" }
  /** The path does not lead from this answer to the root: `PathNotInBatch` of the contract. */
  | { readonly fault: "path" };

/**
 * The digest whose signature stands in a `signature` field.
 * @param digest of the answer, see `answerDigest`
 */
export function signedDigestIn(field: Uint8Array, digest: Digest): SignedDigest {
  if (field.length === SINGLE_BYTES) return { fault: null, digest, signature: field };
  const batch = batchSignatureIn(field);
  if (batch === null) return { fault: "length" };
  const { root, signature, salt, path } = batch;
  if (!sameBytes(rootAbove(batchLeaf(digest, salt), path), root)) return { fault: "path" };
  return { fault: null, digest: rootDigest(root), signature };
}

function isLower(one: Uint8Array, other: Uint8Array): boolean {
  for (let index = 0; index < HASH_BYTES; index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return true;
}
