/** Rows that are looked up by their keys, those of one turn of the event loop in one statement. */
import type { Node } from "../ens/namehash.js";
import { inBatches } from "./batches.js";

/** Reads the rows of some keys, all different, by `textOfKey`; a key without a row is not in the answer. */
type ReadRows<Key, Row> = (keys: readonly Key[]) => Promise<ReadonlyMap<string, Row>>;

/** Bytes as the key of a map: one character a byte, which costs a tenth of hex. */
export function textOfKey(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("latin1");
}

/**
 * Clients give up after 10 s (viem) and take the next gateway only when this one has said 503: a lookup that
 * has waited this long is told so at once, and with 10,000 waiting the next one does not wait at all.
 */
const BOUNDS = {
  mostInBatch: 256,
  mostInFlight: 4,
  worthAStatement: 16,
  patienceMs: 10,
  longestWaitMs: 1_000,
  mostWaiting: 10_000,
};

/** `readRows` for one key at a time, null without a row. A failure fails every lookup of its batch. */
export function batchedLookup<Row, Key extends Uint8Array = Node>(
  readRows: ReadRows<Key, Row>,
): (key: Key) => Promise<Row | null> {
  const lookUp = inBatches<{ readonly key: Key; readonly text: string }, Row | null>({
    ...BOUNDS,
    what: "the lookups",
    work: async (asked) => {
      const keys = new Map<string, Key>();
      for (const { key, text } of asked) keys.set(text, key);
      const rows = await readRows([...keys.values()]);
      return asked.map(({ text }) => rows.get(text) ?? null);
    },
  });
  return (key) => lookUp({ key, text: textOfKey(key) });
}
