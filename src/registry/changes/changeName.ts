/**
 * The one way in which names change: find the domain, lock the name, ask the rules, write the new state and the
 * history together.
 */
import { SignpostError } from "../../errors.js";
import type { RegistryStores } from "../store.js";
import type { Change, Outcome } from "./change.js";
import { type Clock, noPause, type Pause } from "./clock.js";
import { prepare, prepareAll } from "./prepareChange.js";
import { itemAt, writeChanges } from "./writeChanges.js";

/** So many names are locked at a time where each change counts by itself. */
const LOCKED_AT_ONCE = 100;

/**
 * Throws INVALID_NAME, FORBIDDEN (another domain's name), VERSION_CONFLICT, and what refuses an action
 * (`applyAction`).
 */
export async function changeName(
  registry: RegistryStores,
  change: Change,
  nowMs: Clock,
): Promise<Outcome> {
  const prepared = await prepare(registry, change);
  const outcomes = await writeChanges(registry, [prepared], nowMs, refuse);
  return itemAt(outcomes, 0);
}

/** All of the changes, each to another name, or none. Throws as `changeName` does; details name the `item`, from 0. */
export async function changeTogether(
  registry: RegistryStores,
  changes: readonly Change[],
  nowMs: Clock,
  pause: Pause = noPause,
): Promise<readonly Outcome[]> {
  const prepared = (await prepareAll(registry, changes, pause)).map((one, index) =>
    one instanceof SignpostError ? refuseItem(one, index) : one,
  );
  return writeChanges(registry, prepared, nowMs, refuseItem, pause);
}

/** Each change, to another name each, by itself: its outcome, or what refused it. An outage is thrown. */
export async function changeEach(
  registry: RegistryStores,
  changes: readonly Change[],
  nowMs: Clock,
  pause: Pause,
): Promise<readonly (Outcome | SignpostError)[]> {
  const prepared = await prepareAll(registry, changes, pause);
  const open = prepared.flatMap((one) => (one instanceof SignpostError ? [] : [one]));
  const written: (Outcome | SignpostError)[] = [];
  for (let at = 0; at < open.length; at += LOCKED_AT_ONCE) {
    const some = open.slice(at, at + LOCKED_AT_ONCE);
    written.push(...(await writeChanges(registry, some, nowMs, (error) => error, pause)));
  }
  let next = 0;
  return prepared.map((one) => (one instanceof SignpostError ? one : itemAt(written, next++)));
}

function refuse(error: SignpostError): never {
  throw error;
}

/** Throws the refusal of one of several changes as that of all; `details.item` says which, from 0. */
export function refuseItem({ code, message, details, cause }: SignpostError, item: number): never {
  throw new SignpostError(
    code,
    `Nothing was changed, because item ${item} was refused: ${message}`,
    { ...details, item },
    { cause },
  );
}
