import type { NodeList } from "../../src/nodes/nodeStore.js";

/** For tests that mount routes alone. */
export const NO_NODES: NodeList = {
  listed: () => Promise.resolve({ items: [], next: null }),
  named: () => Promise.resolve(null),
};
