/** Batches of answers, made and opened by ethers alone, so that nothing of ours checks itself. All bytes are `0x` hex. */
import { concat, dataLength, dataSlice, id, keccak256 } from "ethers";

const LEAF_TAG = id("signpost.batch.leaf");
const NODE_TAG = id("signpost.batch.node");
export const ROOT_TAG = id("signpost.batch.root");

/** One answer's part in a batch. */
export interface Leaf {
  /** Of the answer, 32 bytes. */
  readonly digest: string;
  /** 16 bytes. */
  readonly salt: string;
}

export function leafOf({ digest, salt }: Leaf): string {
  return keccak256(concat([LEAF_TAG, digest, salt]));
}

export function nodeOf(one: string, other: string): string {
  return keccak256(concat([NODE_TAG, ...[one, other].sort()]));
}

/** What is signed. */
export function digestOfRoot(root: string): string {
  return keccak256(concat([ROOT_TAG, root]));
}

/** The root of a batch and the path of each of its answers. */
export function treeOf(leaves: readonly Leaf[]): { root: string; paths: string[][] } {
  const paths: string[][] = leaves.map(() => []);
  let level = leaves.map((leaf, index) => ({ hash: leafOf(leaf), below: [index] }));
  while (level.length > 1) {
    const next: typeof level = [];
    for (let at = 0; at < level.length; at += 2) {
      const [one, other] = [level[at]!, level[at + 1]];
      if (other === undefined) {
        next.push(one);
        continue;
      }
      for (const index of one.below) paths[index]!.push(other.hash);
      for (const index of other.below) paths[index]!.push(one.hash);
      const below = [...one.below, ...other.below];
      next.push({ hash: nodeOf(one.hash, other.hash), below });
    }
    level = next;
  }
  return { root: level[0]!.hash, paths };
}

/** What is signed for an answer with this signature field, and the 65 bytes that sign it. */
export function openedByEthers(
  field: string,
  digest: string,
): { digest: string; signature: string } {
  if (dataLength(field) === 65) return { digest, signature: field };
  let hash = leafOf({ digest, salt: dataSlice(field, 97, 113) });
  for (let at = 113; at < dataLength(field); at += 32) {
    hash = nodeOf(hash, dataSlice(field, at, at + 32));
  }
  const root = dataSlice(field, 0, 32);
  if (hash !== root) throw new Error(`The path leads to ${hash} instead of ${root}.`);
  return { digest: digestOfRoot(root), signature: dataSlice(field, 32, 97) };
}
