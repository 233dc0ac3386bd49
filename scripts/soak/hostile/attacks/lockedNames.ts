/** A batch that holds its names for as long as it takes, and many writes to the name that it locks first. */
import { namehash } from "ethers";
import type { Attack } from "../attack.js";
import { HOSTILE_DOMAIN, hostileNetwork } from "../target.js";

const ITEMS = 5_000;
const WRITES_AT_ONCE = 30;

export const lockedNames: Attack = {
  name: "lockedNames",
  title: "A5: an atomic batch and 30 writes to its first name",
  start: ({ target, repeat }) => {
    const names = Array.from({ length: ITEMS }, (_, index) => `locked-${index}.${HOSTILE_DOMAIN}`);
    // names are locked in the order of their nodes
    const [first] = names
      .map((name) => ({ name, node: namehash(name) }))
      .sort((a, b) => (a.node < b.node ? -1 : 1));
    const common = { key: target.keys.batches, network: hostileNetwork(0) };
    const texts = (url: string) => ({ texts: { url } });
    repeat(1, (number) => {
      const items = names.map((name) => ({ name, records: texts(`batch ${number}`) }));
      const body = JSON.stringify({ atomic: true, items });
      return { method: "POST", path: "/v1/batches", body, ...common };
    });
    repeat(WRITES_AT_ONCE, (number) => ({
      ...{ method: "PUT", path: `/v1/names/${first?.name ?? ""}/records`, ...common },
      body: JSON.stringify(texts(`write ${number}`)),
    }));
  },
};
