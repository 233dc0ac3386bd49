/**
 * What is asked of the database in the same turn of the event loop becomes one statement: under load, what a question
 * costs is mostly the round trip and the driver. While a statement is under way, few items wait for it to end and many
 * make the next one, so that a database that is quick gets few statements, and one that is far away several at once.
 */
import { SignpostError } from "../errors.js";

export interface BatchOptions<Item, Result> {
  /** Does all of them at once; a result for each, in their order. A failure is that of each. */
  readonly work: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Bounds what one statement takes. */
  readonly mostInBatch: number;
  /** While these are under way, further items gather into the next ones. */
  readonly mostInFlight: number;
  /** Fewer items than this go alone only when nothing is under way, or after `LONGEST_GATHERING_MS`. */
  readonly worthAStatement: number;
  /** Whoever has waited this long for the beginning is told so; nothing was done. */
  readonly longestWaitMs: number;
  readonly mostWaiting: number;
  /** What cannot be kept up with, in a sentence: "the lookups". */
  readonly what: string;
}

/** What a statement that is stuck may cost those that come after it. */
const LONGEST_GATHERING_MS = 10;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly sinceMs: number;
  readonly answer: (result: Result) => void;
  readonly fail: (error: Error) => void;
}

/** Does one item at a time, together with those that come with it. Throws DATABASE_UNAVAILABLE when it waited too long. */
export function inBatches<Item, Result>(
  options: BatchOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  const { mostInBatch, mostInFlight, worthAStatement, longestWaitMs, mostWaiting } = options;
  let waiting: Waiting<Item, Result>[] = [];
  let inFlight = 0;
  let scheduled = false;
  let watching = false;
  let gathering = false;

  const overloaded = () =>
    new SignpostError(
      "DATABASE_UNAVAILABLE",
      `The database does not keep up with ${options.what}; look for load, locks and its connections.`,
    );

  function schedule(): void {
    if (scheduled || waiting.length === 0 || inFlight === mostInFlight) return;
    if (inFlight > 0 && waiting.length < worthAStatement && !hasGathered()) {
      gather();
      return;
    }
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      dropLate();
      const batch = waiting.slice(0, mostInBatch);
      if (batch.length === 0) return;
      waiting = waiting.slice(mostInBatch);
      inFlight++;
      void finish(batch).finally(() => {
        inFlight--;
        schedule();
      });
      schedule();
    });
  }

  function hasGathered(): boolean {
    const [oldest] = waiting;
    return oldest !== undefined && performance.now() - oldest.sinceMs >= LONGEST_GATHERING_MS;
  }

  /** One timer at a time: whoever came after it was set looks again when it is over. */
  function gather(): void {
    if (gathering) return;
    gathering = true;
    setTimeout(() => {
      gathering = false;
      schedule();
    }, LONGEST_GATHERING_MS).unref();
  }

  /** Never rejects: each of the batch is told by itself. */
  async function finish(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await options.work(batch.map(({ item }) => item));
      batch.forEach(({ answer }, index) => {
        answer(results[index] as Result);
      });
    } catch (error) {
      const failure =
        error instanceof Error ? error : new Error("A batch failed", { cause: error });
      for (const { fail } of batch) fail(failure);
    }
  }

  function dropLate(): void {
    const oldestMs = performance.now() - longestWaitMs;
    const late = waiting.filter(({ sinceMs }) => sinceMs <= oldestMs);
    waiting = waiting.slice(late.length); // in order of arrival
    for (const { fail } of late) fail(overloaded());
  }

  /** While the database hangs nothing else looks after those who wait. */
  function watch(): void {
    dropLate();
    watching = waiting.length > 0;
    if (watching) setTimeout(watch, longestWaitMs / 4).unref();
  }

  return (item) =>
    new Promise((answer, fail) => {
      if (waiting.length >= mostWaiting) {
        fail(overloaded());
        return;
      }
      waiting.push({ item, answer, fail, sinceMs: performance.now() });
      schedule();
      if (!watching) watch();
    });
}
