/** Problems that lookups meet, noted beside them: none waits, and none is noted twice within a minute. */
import type { DomainSource } from "../domains/domain.js";
import type { SourceProblem } from "./sourceProblem.js";
import type { SourceProblems } from "./sourceStore.js";

const AGAIN_MS = 60_000;
const MOST_REMEMBERED = 10_000;
/** What comes while so many are being written is met again. */
const MOST_UNDER_WAY = 2;

/** @param onFailure gets what keeps one from being written */
export function notedProblems(
  { note }: { readonly note: SourceProblems["note"] },
  nowMs: () => number,
  onFailure: (error: unknown) => void,
): (source: DomainSource, name: string, problem: SourceProblem) => void {
  const notedAtMs = new Map<string, number>();
  let underWay = 0;
  return ({ id }, name, problem) => {
    const key = `${id} ${problem.kind} ${name}`;
    const atMs = nowMs();
    const before = notedAtMs.get(key);
    if (before !== undefined && atMs - before < AGAIN_MS && atMs >= before) return;
    if (underWay >= MOST_UNDER_WAY) return;
    if (notedAtMs.size >= MOST_REMEMBERED) notedAtMs.clear();
    notedAtMs.set(key, atMs);
    underWay++;
    note(id, name, problem)
      .catch(onFailure)
      .finally(() => underWay--);
  };
}
