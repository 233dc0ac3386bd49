/** Bodies that cost much to read, from a key that may change one name a minute. */
import type { Attack } from "../attack.js";
import { HOSTILE_DOMAIN, hostileNetwork } from "../target.js";

const BYTES = 15 * 1024 * 1024;
const AT_ONCE = 7;
const LONG_BATCH_ITEMS = 10_000;

export const deepBodies: Attack = {
  name: "deepBodies",
  title: "A1: bodies of 15 MB, key of 1 change a minute",
  start: ({ target, repeat }) => {
    const brackets = Buffer.alloc(BYTES, "[");
    const batch = Buffer.from(longBatch());
    const message = (body: Buffer, isChunked: boolean) => (number: number) => ({
      ...{ method: "POST" as const, path: "/v1/batches", key: target.keys.limited },
      ...{ body, isChunked, network: hostileNetwork(number) },
    });
    repeat(AT_ONCE, message(brackets, false));
    repeat(AT_ONCE, message(brackets, true));
    repeat(2, message(batch, false));
  },
};

/** Every item is what a service would send. */
function longBatch(): string {
  const items = Array.from({ length: LONG_BATCH_ITEMS }, (_, index) => ({
    name: `item-${index}.${HOSTILE_DOMAIN}`,
    records: { texts: { description: "x".repeat(1_200) } },
  }));
  return JSON.stringify({ atomic: false, items });
}
