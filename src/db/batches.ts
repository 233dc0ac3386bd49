/**
 * What is asked of the database in the same turn of the event loop becomes one statement: under load, what a question
 * costs is mostly the round trip and the driver. While a statement is under way, few items wait for it to end and many
 * make the next one, so that a database that is quick gets few statements, and one that is far away several at once.
 */
import { SignpostError } from "../errors.js";
import { type ItemBounds, WaitingItems } from "./waitingItems.js";

export interface BatchOptions<Item, Result> extends ItemBounds<Item> {
  /** Does all of them at once; a result for each, in their order. A failure is that of each. */
  readonly work: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** While these are under way, further items gather into the next ones. */
  readonly mostInFlight: number;
  /** While one is under way, fewer items than this wait: it is worth less to ask at once than to ask for more together. */
  readonly worthAStatement: number;
  /** So long at most: what a statement that is stuck costs those that come after it. */
  readonly patienceMs: number;
  /**
   * Whoever has waited this long for the beginning is told so; nothing was done. Counted in ticks of a timer: the time
   * for which this process itself was held up is not the database's.
   */
  readonly longestWaitMs: number;
  /** What cannot be kept up with, in a sentence: "the lookups". */
  readonly what: string;
}

const TICKS_TO_WAIT = 4;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly sinceMs: number;
  readonly sinceTick: number;
  readonly answer: (result: Result) => void;
  readonly fail: (error: Error) => void;
}

/** Does one item at a time, together with those that come with it. Throws DATABASE_UNAVAILABLE when it waited too long. */
export function inBatches<Item, Result>(
  options: BatchOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  const { mostInFlight, worthAStatement, patienceMs, longestWaitMs } = options;
  const waiting = new WaitingItems<Item, Waiting<Item, Result>>(options);
  let inFlight = 0;
  let scheduled = false;
  let gathering = false;
  let watching = false;
  let tick = 0;

  const overloaded = () =>
    new SignpostError(
      "DATABASE_UNAVAILABLE",
      `The database does not keep up with ${options.what}; look for load, locks and its connections.`,
    );

  function schedule(): void {
    if (scheduled || waiting.count === 0 || inFlight === mostInFlight) return;
    const leftMs = patienceLeftMs();
    const isWorthIt = waiting.count >= worthAStatement || waiting.isHeavy();
    if (inFlight > 0 && !isWorthIt && leftMs > 0) {
      gather(leftMs);
      return;
    }
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      const batch = waiting.takeBatch();
      if (batch.length === 0) return;
      inFlight++;
      void finish(batch).finally(() => {
        inFlight--;
        schedule();
      });
      schedule();
    });
  }

  function patienceLeftMs(): number {
    const { oldest } = waiting;
    return oldest === undefined ? 0 : oldest.sinceMs + patienceMs - performance.now();
  }

  /** One timer at a time: whoever came after it was set looks again when it is over. */
  function gather(leftMs: number): void {
    if (gathering) return;
    gathering = true;
    setTimeout(() => {
      gathering = false;
      schedule();
    }, leftMs);
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

  /** While the database hangs nothing else looks after those who wait. */
  function watch(): void {
    watching = waiting.count > 0;
    if (!watching) return;
    setTimeout(() => {
      tick++;
      dropLate();
      watch();
    }, longestWaitMs / TICKS_TO_WAIT).unref();
  }

  function dropLate(): void {
    const late = waiting.takeWhile(({ sinceTick }) => tick - sinceTick > TICKS_TO_WAIT);
    for (const { fail } of late) fail(overloaded());
  }

  return (item) =>
    new Promise((answer, fail) => {
      const entry = { item, answer, fail, sinceMs: performance.now(), sinceTick: tick };
      if (!waiting.add(entry)) {
        fail(overloaded());
        return;
      }
      schedule();
      if (!watching) watch();
    });
}
