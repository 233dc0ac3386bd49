/** Problems that lookups meet, noted beside them, one after the other: no lookup waits, and none is noted twice within a minute. */
import type { DomainSource } from "../domains/domain.js";
import type { SourceProblem } from "./sourceProblem.js";
import type { SourceProblems } from "./sourceStore.js";

const AGAIN_MS = 60_000;
const MOST_REMEMBERED = 10_000;
/** What comes while so many wait is met again. */
const MOST_WAITING = 1_000;

/** @param onFailure gets what keeps one from being written */
export function notedProblems(
  problems: Pick<SourceProblems, "note">,
  nowMs: () => number,
  onFailure: (error: unknown) => void,
): (source: DomainSource, name: string, problem: SourceProblem) => void {
  const notedAtMs = new Map<string, number>();
  let waiting = 0;
  let written: Promise<void> = Promise.resolve();
  return ({ id }, name, problem) => {
    const key = `${id} ${problem.kind} ${name}`;
    const atMs = nowMs();
    const before = notedAtMs.get(key);
    if (before !== undefined && atMs - before < AGAIN_MS && atMs >= before) return;
    if (waiting >= MOST_WAITING) return;
    if (notedAtMs.size >= MOST_REMEMBERED) notedAtMs.clear();
    notedAtMs.set(key, atMs);
    waiting++;
    written = written
      .then(() => problems.note(id, name, problem))
      .catch(onFailure)
      .finally(() => waiting--);
  };
}
