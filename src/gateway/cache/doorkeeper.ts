/**
 * The cache's admission policy (the "doorkeeper" of TinyLFU): an answer is cached only if its name was asked for
 * before. So crawlers and floods, which ask for each name once, take no memory and evict nothing.
 *
 * Two Bloom filters: when the young one is full, it becomes the old one, whose names are forgotten. So what was seen
 * long ago is forgotten, and names never push one another out, however popular. Of new names, three in a hundred at
 * most are admitted by mistake, which costs the memory of an answer for a while.
 */
import type { Node } from "../../ens/namehash.js";
const BITS = 1 << 21;
/** At 8,000 new names a second that takes 16 s; a quiet gateway remembers for hours. */
const MOST_NAMES = 1 << 17;

export interface Doorkeeper {
  /** Whether the node was seen lately; from now on it was. */
  admits(node: Node): boolean;
}

export function createDoorkeeper(): Doorkeeper {
  let young = new Uint32Array(BITS / 32);
  let old = new Uint32Array(BITS / 32);
  let names = 0;

  function note(first: number, second: number): void {
    if (++names > MOST_NAMES) {
      const forgotten = old;
      old = young;
      young = forgotten.fill(0);
      names = 1;
    }
    setBit(young, first);
    setBit(young, second);
  }

  return {
    admits(node) {
      // node:  | 4 bytes: its first bit | 4 bytes: its second | ...
      const view = new DataView(node.buffer, node.byteOffset);
      const first = view.getUint32(0) % BITS;
      const second = view.getUint32(4) % BITS;
      if (hasBit(young, first) && hasBit(young, second)) return true;
      const wasKnown = hasBit(old, first) && hasBit(old, second);
      note(first, second);
      return wasKnown;
    },
  };
}

function hasBit(bits: Uint32Array, at: number): boolean {
  return (((bits[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1;
}

function setBit(bits: Uint32Array, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] ?? 0) | (1 << (at & 31));
}
