/** Changes under the locks of their names: each is decided by the rules, and state and history are written together. */
import { isSignpostError, SignpostError } from "../../errors.js";
import type { RegistryStores } from "../store.js";
import type { Outcome } from "./change.js";
import type { Clock, Pause } from "./clock.js";
import { decidePrepared } from "./decidePrepared.js";
import type { PreparedChange } from "./prepareChange.js";

/**
 * All in one transaction. Throws what `onRefusal` throws; then nothing is written.
 *
 * @param onRefusal throws, or returns the result of a change that was refused; nothing of that one is written
 */
export async function writeChanges<Refused extends SignpostError>(
  { names }: RegistryStores,
  changes: readonly PreparedChange[],
  nowMs: Clock,
  onRefusal: (error: SignpostError, index: number) => Refused,
  pause?: Pause,
): Promise<readonly (Outcome | Refused)[]> {
  const results: (Omit<Outcome, "version"> | Refused)[] = [];
  const targets = changes.map(({ target }) => target);
  const decide: Parameters<typeof names.changeNames>[1] = (known, index) => {
    const one = itemAt(changes, index);
    try {
      const { change, ...decided } = decidePrepared(one, known, nowMs);
      results[index] = { before: known.stored, ...decided };
      return change;
    } catch (error) {
      if (!isSignpostError(error)) throw error;
      results[index] = onRefusal(error, index);
      return null;
    }
  };
  const versions = await names.changeNames(targets, decide, pause);
  return results.map((result, index) =>
    result instanceof SignpostError ? result : { ...result, version: versions[index] ?? null },
  );
}

/** Throws INTERNAL where a list is shorter than the changes that it is about. */
export function itemAt<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new SignpostError("INTERNAL", `There is no change ${index}.`);
  return item;
}
