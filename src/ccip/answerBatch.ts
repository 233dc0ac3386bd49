/**
 * Many answers that are proven by one signature: the tree over them, and the `signature` field of each. It is drawn in
 * batchSignature.ts. A gateway builds one for each signature, so the tree stands in one piece of memory, level upon level.
 */
import { type Digest, digestFrom } from "../abi/digest.js";
import { SignpostError } from "../errors.js";
import {
  batchLeaf,
  batchNode,
  encodeBatchSignature,
  HASH_BYTES,
  MAX_PATH,
  rootDigest,
  SALT_BYTES,
} from "./batchSignature.js";

/** Of fewer, the only one is signed by itself. */
const FEWEST = 2;
/** What the longest path leads through. */
export const MOST_IN_BATCH = 2 ** MAX_PATH;

export interface AnswerBatch {
  readonly root: Digest;
  /** What is to be signed, as it is, with 65 bytes. */
  readonly toSign: Digest;
  /** From answer `index` to the root: 32 bytes for each level, 1 to 12 of them. */
  pathOf(index: number): Uint8Array;
  /**
   * The `signature` field of answer `index`.
   * @param signature over `toSign`, 65 bytes
   */
  fieldOf(index: number, signature: Uint8Array): Uint8Array;
}

/**
 * @param digests of 2 to 4096 answers; each must be of a request that ends in its chain id
 * @param salts 16 random bytes for each of them, one behind the other
 * @throws INTERNAL for other numbers of either
 */
export function batchOf(digests: readonly Digest[], salts: Uint8Array): AnswerBatch {
  const count = digests.length;
  if (count < FEWEST || count > MOST_IN_BATCH || salts.length !== count * SALT_BYTES) {
    throw new SignpostError(
      "INTERNAL",
      `A batch has ${FEWEST} to ${MOST_IN_BATCH} answers with ${SALT_BYTES} bytes of salt each, but here are ${count} with ${salts.length} bytes; please report it.`,
    );
  }
  const saltOf = (index: number) => salts.subarray(index * SALT_BYTES, (index + 1) * SALT_BYTES);
  const tree = treeOver(digests, saltOf);
  const root = digestFrom(tree.subarray(tree.length - HASH_BYTES));
  const pathOf = (index: number) => pathThrough(tree, count, index);
  return {
    root,
    toSign: rootDigest(root),
    pathOf: (index) => pathOf(index).slice(),
    fieldOf: (index, signature) =>
      encodeBatchSignature({ root, signature, salt: saltOf(index), path: pathOf(index) }),
  };
}

/** All leaves, then the level above them, and so on to the root. A last one without a pair goes up as it is. */
function treeOver(digests: readonly Digest[], saltOf: (index: number) => Uint8Array): Uint8Array {
  const tree = new Uint8Array(nodesAbove(digests.length) * HASH_BYTES);
  for (const [index, digest] of digests.entries()) {
    tree.set(batchLeaf(digest, saltOf(index)), index * HASH_BYTES);
  }
  let from = 0;
  for (let width = digests.length; width > 1; width = above(width)) {
    const level = from + width;
    for (let left = 0; left < width; left += 2) {
      const one = nodeAt(tree, from + left);
      const parent = left + 1 < width ? batchNode(one, nodeAt(tree, from + left + 1)) : one;
      tree.set(parent, (level + left / 2) * HASH_BYTES);
    }
    from = level;
  }
  return tree;
}

/** Of the path that was asked for last. */
const path = new Uint8Array(MAX_PATH * HASH_BYTES);

/** Overwritten by the next one: each is copied into its field at once, and a lookup should leave little behind. */
function pathThrough(tree: Uint8Array, count: number, index: number): Uint8Array {
  let length = 0;
  let from = 0;
  let place = index;
  for (let width = count; width > 1; width = above(width)) {
    const sibling = place ^ 1;
    if (sibling < width) {
      path.set(nodeAt(tree, from + sibling), length);
      length += HASH_BYTES;
    }
    from += width;
    place >>= 1;
  }
  return path.subarray(0, length);
}

function nodeAt(tree: Uint8Array, index: number): Uint8Array {
  return tree.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
}

/** How many a level has above one of this width. */
function above(width: number): number {
  return (width + 1) >> 1;
}

/** How many the tree over so many leaves has, leaves included. */
function nodesAbove(leaves: number): number {
  let count = leaves;
  for (let width = leaves; width > 1; width = above(width)) count += above(width);
  return count;
}
