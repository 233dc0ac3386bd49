/** A number that has to be asked for, such as whether Postgres answers, must not hold up all others of a scrape. */
import { within } from "../fetch/within.js";

/** Half of what the processes wait for one another's numbers (processMetrics.ts). */
const LONGEST_READING_MS = 1_000;

/** As `read`; where that takes longer, what it told last. What comes late is told at the next scrape. */
export function orLast<Reading>(
  read: () => Iterable<Reading> | Promise<Iterable<Reading>>,
): () => Promise<Iterable<Reading>> {
  let last: Iterable<Reading> = [];
  return () => {
    const reading = Promise.resolve(read()).then((known) => (last = [...known]));
    return within<Iterable<Reading>>(LONGEST_READING_MS, reading, () => last);
  };
}
