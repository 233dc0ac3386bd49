/**
 * Lookups that are asked in the same turn of the event loop become one statement: under load, what a lookup
 * costs is mostly the round trip and the driver, not the read.
 */
import { type Hex, toHex } from "../abi/hex.js";

/** Bounds what one statement reads and returns. */
const MAX_NODES = 256;
/** While these are under way, further lookups gather into the next ones. */
const MAX_BATCHES_IN_FLIGHT = 4;

/** Reads the rows of some nodes, all different; a node without a row is not in the answer. */
type ReadRows<Row> = (nodes: readonly Uint8Array[]) => Promise<ReadonlyMap<Hex, Row>>;

interface Waiting<Row> {
  readonly node: Uint8Array;
  readonly answer: (row: Row | null) => void;
  readonly fail: (error: Error) => void;
}

/** `readRows` for one node at a time, null without a row. A failure fails every lookup of its batch. */
export function batchedLookup<Row>(
  readRows: ReadRows<Row>,
): (node: Uint8Array) => Promise<Row | null> {
  let waiting: Waiting<Row>[] = [];
  let inFlight = 0;
  let scheduled = false;

  function schedule(): void {
    if (scheduled || waiting.length === 0 || inFlight === MAX_BATCHES_IN_FLIGHT) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      const batch = waiting.slice(0, MAX_NODES);
      waiting = waiting.slice(MAX_NODES);
      inFlight++;
      void answerBatch(readRows, batch).finally(() => {
        inFlight--;
        schedule();
      });
      schedule();
    });
  }

  return (node) =>
    new Promise((answer, fail) => {
      waiting.push({ node, answer, fail });
      schedule();
    });
}

/** Never rejects: each lookup of the batch is told by itself. */
async function answerBatch<Row>(
  readRows: ReadRows<Row>,
  batch: readonly Waiting<Row>[],
): Promise<void> {
  try {
    const nodes = new Map(batch.map(({ node }) => [toHex(node), node]));
    const rows = await readRows([...nodes.values()]);
    for (const { node, answer } of batch) answer(rows.get(toHex(node)) ?? null);
  } catch (error) {
    const failure = error instanceof Error ? error : new Error("A lookup failed", { cause: error });
    for (const { fail } of batch) fail(failure);
  }
}
