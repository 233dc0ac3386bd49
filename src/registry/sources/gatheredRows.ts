/**
 * Lookups of one source, gathered into few questions and bounded: a service's data that are slow, full or gone cost its own
 * lookups, and nobody else's.
 *
 * Every question ends within the source's own time. While one is under way, few labels wait `PATIENCE_MS` for more, because a
 * question costs more than its labels; while two are, further labels gather for the next ones. With `MOST_WAITING` of them the
 * next lookup fails at once. When a question fails, all who wait fail with it, and for
 * `RETRY_MS` everybody fails at once but a first one, who finds out whether the source is back.
 */
import { SignpostError } from "../../errors.js";
import type { DomainSource } from "../domains/domain.js";
import { MOST_LABELS, type RowSource, type SourceRow, type UnusableRow } from "./source.js";

const MOST_QUESTIONS = 2;
/** While one is under way, fewer labels wait for it to end, but no longer than this. */
export const WORTH_A_QUESTION = 16;
export const PATIENCE_MS = 10;
export const MOST_WAITING = 256;
const RETRY_MS = 500;

/** Null: the source said that it has no such row. */
export type FoundRow = SourceRow | UnusableRow | null;

export interface GatheredRows {
  /** Throws SOURCE_UNAVAILABLE when it could not be found out. */
  readonly rowOf: (label: string) => Promise<FoundRow>;
}

export interface GatheringOptions {
  /** A clock, in milliseconds; only its differences count. */
  readonly nowMs: () => number;
  /** Calls it in the next turn of the event loop. */
  readonly inNextTurn: (ask: () => void) => void;
  /** Calls it when so many milliseconds are over. */
  readonly after: (look: () => void, ms: number) => void;
}

interface Waiting {
  readonly label: string;
  readonly answer: (row: FoundRow) => void;
  readonly fail: (error: Error) => void;
}

export function gatheredRows(
  source: DomainSource,
  rows: Pick<RowSource, "rowsOf">,
  { nowMs, inNextTurn, after }: GatheringOptions,
): GatheredRows {
  let waiting: Waiting[] = [];
  let underWay = 0;
  let isScheduled = false;
  let isPatient = false;
  let failure: { readonly error: Error; readonly atMs: number } | null = null;

  function schedule(isPatienceOver = false): void {
    if (isScheduled || waiting.length === 0 || underWay === MOST_QUESTIONS) return;
    if (underWay > 0 && waiting.length < WORTH_A_QUESTION && !isPatienceOver) {
      waitForMore();
      return;
    }
    isScheduled = true;
    inNextTurn(() => {
      isScheduled = false;
      if (waiting.length === 0) return;
      const group = waiting.slice(0, MOST_LABELS);
      waiting = waiting.slice(MOST_LABELS);
      underWay++;
      void ask(group).finally(() => {
        underWay--;
        schedule();
      });
      schedule();
    });
  }

  /** One timer at a time: the question under way may be one that takes long. */
  function waitForMore(): void {
    if (isPatient) return;
    isPatient = true;
    after(() => {
      isPatient = false;
      schedule(true);
    }, PATIENCE_MS);
  }

  async function ask(group: readonly Waiting[]): Promise<void> {
    try {
      const found = await rows.rowsOf([...new Set(group.map(({ label }) => label))]);
      failure = null;
      for (const { label, answer, fail } of group) {
        const row = found.get(label) ?? null;
        if (row instanceof Error) fail(row);
        else answer(row);
      }
    } catch (thrown) {
      const error =
        thrown instanceof Error ? thrown : new Error("A source failed", { cause: thrown });
      failure = { error, atMs: nowMs() };
      const all = [...group, ...waiting];
      waiting = [];
      for (const { fail } of all) fail(error);
    }
  }

  /** What everybody is told for a while after a failure; the first one afterwards asks. */
  function knownFailure(): Error | null {
    if (failure === null) return null;
    const ageMs = nowMs() - failure.atMs;
    const isKnown = ageMs >= 0 && ageMs < RETRY_MS;
    if (isKnown || underWay > 0) return failure.error;
    return null;
  }

  return {
    rowOf: (label) =>
      new Promise((answer, fail) => {
        const error =
          knownFailure() ?? (waiting.length >= MOST_WAITING ? overloaded(source) : null);
        if (error !== null) {
          fail(error);
          return;
        }
        waiting.push({ label, answer, fail });
        schedule();
      }),
  };
}

function overloaded({ id, domain }: DomainSource): SignpostError {
  const reason = "it does not keep up with the lookups";
  return new SignpostError(
    "SOURCE_UNAVAILABLE",
    `The data source of ${domain} does not keep up with the lookups; look for load and a missing index (\`signpost source test\`).`,
    { source: id, domain, reason },
  );
}
