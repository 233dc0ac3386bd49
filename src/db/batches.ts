/**
 * What is asked of the database in the same turn of the event loop becomes one statement: under load, what a question
 * costs is mostly the round trip and the driver.
 */
import { SignpostError } from "../errors.js";

export interface BatchOptions<Item, Result> {
  /** Does all of them at once; a result for each, in their order. A failure is that of each. */
  readonly work: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Bounds what one statement takes. */
  readonly mostInBatch: number;
  /** While these are under way, further items gather into the next ones. */
  readonly mostInFlight: number;
  /**
   * While one is under way, a further one begins only when it is full, or when this time has passed: large statements cost
   * each item less. None unless given.
   */
  readonly patienceMs?: number;
  /** Whoever has waited this long for the beginning is told so; nothing was done. */
  readonly longestWaitMs: number;
  readonly mostWaiting: number;
  /** What cannot be kept up with, in a sentence: "the lookups". */
  readonly what: string;
}

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
  const { mostInBatch, mostInFlight, patienceMs = 0, longestWaitMs, mostWaiting } = options;
  let waiting: Waiting<Item, Result>[] = [];
  let inFlight = 0;
  let scheduled = false;
  let patience: NodeJS.Timeout | undefined;
  let watching = false;

  const overloaded = () =>
    new SignpostError(
      "DATABASE_UNAVAILABLE",
      `The database does not keep up with ${options.what}; look for load, locks and its connections.`,
    );

  function schedule(): void {
    if (scheduled || waiting.length === 0 || inFlight === mostInFlight) return;
    if (inFlight > 0 && waiting.length < mostInBatch && patienceMs > 0) {
      patience ??= setTimeout(begin, patienceMs);
      return;
    }
    begin();
  }

  function begin(): void {
    clearTimeout(patience);
    patience = undefined;
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
