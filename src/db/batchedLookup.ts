/**
 * Lookups that are asked in the same turn of the event loop become one statement: under load, what a lookup
 * costs is mostly the round trip and the driver, not the read.
 */
import type { Node } from "../ens/namehash.js";
import { SignpostError } from "../errors.js";

/** Bounds what one statement reads and returns. */
const MAX_NODES = 256;
/** While these are under way, further lookups gather into the next ones. */
const MAX_BATCHES_IN_FLIGHT = 4;

/** Reads the rows of some nodes, all different, by `keyOfNode`; a node without a row is not in the answer. */
type ReadRows<Row> = (nodes: readonly Node[]) => Promise<ReadonlyMap<string, Row>>;

/** A node as the key of a map: one character a byte, which costs a tenth of hex. */
export function keyOfNode(node: Uint8Array): string {
  return Buffer.from(node.buffer, node.byteOffset, node.byteLength).toString("latin1");
}

/**
 * Clients give up after 10 s (viem) and take the next gateway only when this one has said 503: a lookup that
 * has waited this long is told so at once, and with 10,000 waiting the next one does not wait at all.
 */
const LONGEST_WAIT_MS = 1_000;
const MOST_WAITING = 10_000;

interface Waiting<Row> {
  readonly node: Node;
  readonly key: string;
  readonly sinceMs: number;
  readonly answer: (row: Row | null) => void;
  readonly fail: (error: Error) => void;
}

/** `readRows` for one node at a time, null without a row. A failure fails every lookup of its batch. */
export function batchedLookup<Row>(readRows: ReadRows<Row>): (node: Node) => Promise<Row | null> {
  let waiting: Waiting<Row>[] = [];
  let inFlight = 0;
  let scheduled = false;
  let watching = false;

  function schedule(): void {
    if (scheduled || waiting.length === 0 || inFlight === MAX_BATCHES_IN_FLIGHT) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      dropLate();
      const batch = waiting.slice(0, MAX_NODES);
      if (batch.length === 0) return;
      waiting = waiting.slice(MAX_NODES);
      inFlight++;
      void answerBatch(readRows, batch).finally(() => {
        inFlight--;
        schedule();
      });
      schedule();
    });
  }

  function dropLate(): void {
    const oldestMs = performance.now() - LONGEST_WAIT_MS;
    const late = waiting.filter(({ sinceMs }) => sinceMs <= oldestMs);
    waiting = waiting.slice(late.length); // in order of arrival
    for (const { fail } of late) fail(overloaded());
  }

  /** While the database hangs nothing else looks after those who wait. */
  function watch(): void {
    dropLate();
    watching = waiting.length > 0;
    if (watching) setTimeout(watch, LONGEST_WAIT_MS / 4).unref();
  }

  return (node) =>
    new Promise((answer, fail) => {
      if (waiting.length >= MOST_WAITING) {
        fail(overloaded());
        return;
      }
      waiting.push({ node, key: keyOfNode(node), answer, fail, sinceMs: performance.now() });
      schedule();
      if (!watching) watch();
    });
}

function overloaded(): SignpostError {
  return new SignpostError(
    "DATABASE_UNAVAILABLE",
    "The database does not keep up with the lookups; look for load, locks and its connections.",
  );
}

/** Never rejects: each lookup of the batch is told by itself. */
async function answerBatch<Row>(
  readRows: ReadRows<Row>,
  batch: readonly Waiting<Row>[],
): Promise<void> {
  try {
    const nodes = new Map<string, Node>();
    for (const { key, node } of batch) nodes.set(key, node);
    const rows = await readRows([...nodes.values()]);
    for (const { key, answer } of batch) answer(rows.get(key) ?? null);
  } catch (error) {
    const failure = error instanceof Error ? error : new Error("A lookup failed", { cause: error });
    for (const { fail } of batch) fail(failure);
  }
}
