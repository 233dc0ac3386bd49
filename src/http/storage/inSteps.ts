/** Rows are deleted so many at a time, for as long as a client waits; what is left then, retention deletes. */

const ROWS_AT_ONCE = 2_000;
/** Shorter than clients wait. */
const LONGEST_MS = 5_000;

/**
 * Whether all of them are deleted.
 * @param step returns how many, `limit` at most
 */
export async function deletedInSteps(step: (limit: number) => Promise<number>): Promise<boolean> {
  const untilMs = performance.now() + LONGEST_MS;
  while (performance.now() < untilMs) {
    if ((await step(ROWS_AT_ONCE)) < ROWS_AT_ONCE) return true;
  }
  return false;
}
