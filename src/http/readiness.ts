/** Whether a part of the service can do its work, as sentences: what is wrong, and what to do. */
export interface ReadinessReport {
  /** Why this service should get no requests now; empty when it should. It answers those that come all the same. */
  readonly reasons: readonly string[];
  /** What could not be found out, or will need somebody. */
  readonly warnings: readonly string[];
}

export type Readiness = () => Promise<ReadinessReport>;

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
