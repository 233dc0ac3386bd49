/** Whether a part of the service can do its work, as sentences: what is wrong, and what to do. */
export interface ReadinessReport {
  /** Why this service should get no requests now; empty when it should. It answers those that come all the same. */
  readonly reasons: readonly string[];
  /** What could not be found out, or will need somebody. */
  readonly warnings: readonly string[];
}

export type Readiness = () => Promise<ReadinessReport>;

/** Probes give up after a few seconds; by then they should have an answer, not silence. */
export const READY_TIMEOUT_MS = 2_000;

/** A reason. */
export const DATABASE_TOO_LATE = `The database did not answer within ${READY_TIMEOUT_MS} ms; look for load and locks.`;

/** Probes come every few seconds; whoever asks more often hears the same again, and costs nothing. */
const KEPT_MS = 1_000;

/** The same, found out once a second at the most. Those who ask meanwhile wait for the same answer. */
export function onceASecond(readiness: Readiness, nowMs = () => performance.now()): Readiness {
  let last: { readonly report: Promise<ReadinessReport>; readonly atMs: number } | null = null;
  return () => {
    if (last === null || nowMs() - last.atMs >= KEPT_MS)
      last = { report: readiness(), atMs: nowMs() };
    return last.report;
  };
}

/** What a probe should carry, and a person read. */
const MOST_SENTENCES = 20;

/** Ready where all are. */
export function together(reports: readonly ReadinessReport[]): ReadinessReport {
  return {
    reasons: bounded(reports.flatMap(({ reasons }) => reasons)),
    warnings: bounded(reports.flatMap(({ warnings }) => warnings)),
  };
}

function bounded(sentences: readonly string[]): readonly string[] {
  if (sentences.length <= MOST_SENTENCES) return sentences;
  const more = sentences.length - MOST_SENTENCES + 1;
  return [...sentences.slice(0, MOST_SENTENCES - 1), `There are ${more} more of this kind.`];
}
