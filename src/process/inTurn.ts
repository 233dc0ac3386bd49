/**
 * Does one step after the other, whatever fails among them: those of an end, where a failure must leave nothing running.
 * Throws the first failure when all are done.
 * @param report told of each failure when it happens
 */
export async function inTurn(
  steps: readonly (() => Promise<void>)[],
  report: (error: unknown) => void = () => undefined,
): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      report(error);
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
