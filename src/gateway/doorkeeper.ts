/**
 * Who has been asked for before: only a name that is asked for again is worth the memory of an answer. Crawlers and
 * floods, which ask for each name once, then cost no memory and drive nobody out (the "doorkeeper" of TinyLFU).
 *
 * A table of fixed size: a name overwrites another one that falls into its slot, so that what was seen long ago is
 * forgotten. At 8,000 new names a second that takes about 8 s; a quiet gateway remembers for hours.
 */
const SLOTS = 65_536;

export interface Doorkeeper {
  /** Whether the node (32 bytes, a hash) was shown lately; from now on it was. */
  knows(node: Uint8Array): boolean;
}

export function doorkeeper(): Doorkeeper {
  // node:  | 4 bytes: which slot | 4 bytes: what stands there | ...
  const slots = new Uint32Array(SLOTS);
  return {
    knows(node) {
      const view = new DataView(node.buffer, node.byteOffset);
      const slot = view.getUint32(0) % SLOTS;
      const mark = view.getUint32(4);
      const known = slots[slot] === mark;
      slots[slot] = mark;
      return known;
    },
  };
}
