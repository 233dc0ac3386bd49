/** Carries what is pending in one conversation to the storage, in its order. */
import { isSignpostError, type SignpostError } from "../errors.js";
import { batchAt, type BatchSize } from "./batches.js";
import type { Account } from "./connection.js";
import { giveUp, isGone } from "./deleting.js";
import type { PendingWrite, PendingWrites } from "./pendingWrites.js";
import type { Putting } from "./putting.js";
import { isDeletion } from "./write.js";

export interface CarryingParts {
  readonly pending: Pick<PendingWrites, "add" | "kept" | "takeAway">;
  readonly putting: Putting;
  readonly batchSize: BatchSize;
  readonly signal: AbortSignal;
}

export interface Carried {
  /** The storage refuses something for now: what comes behind it waits. */
  readonly isHeldUp: boolean;
  /** Whether the storage was asked anything, and answered. */
  readonly wasAnswered: boolean;
  /** Why there was none to the last question, which ends it; null where there was. */
  readonly silence: SignpostError | null;
}

/**
 * @param id of the conversation
 * @param isPaused whether it was refused a moment ago, and is only asked to delete
 * @throws what the storage's API throws, without UNREACHABLE
 */
export async function carried(
  { pending, putting, batchSize, signal }: CarryingParts,
  account: Account,
  id: string,
  all: readonly PendingWrite[],
  isPaused: boolean,
): Promise<Carried> {
  async function withoutGone(some: readonly PendingWrite[]): Promise<readonly PendingWrite[]> {
    for (const one of some) if (isGone(one.write, id)) await giveUp(pending, one);
    return some.filter(({ write }) => !isGone(write, id));
  }
  const writes = await withoutGone(all);
  const sealedName = await account.seal.seal(id);
  let isHeldUp = isPaused;
  let wasAnswered = false;
  for (let at = 0; at < writes.length && !signal.aborted;) {
    const next = batchAt(writes, at, putting.takesBatches() ? batchSize.most() : null);
    at += next.length;
    // a storage that is full has room again by what is deleted
    if (isHeldUp && !next.every(({ write }) => isDeletion(write))) continue;
    // another page may have deleted the conversation since
    const batch = await withoutGone(await pending.kept(next));
    if (batch.length === 0) continue;
    const outcome = await putting.put(account, batch, sealedName).catch(asSilence);
    if (typeof outcome === "object") {
      batchSize.unanswered(batch);
      return { isHeldUp, wasAnswered, silence: outcome };
    }
    batchSize.answered(batch);
    wasAnswered = true;
    if (outcome === "refused") isHeldUp = true;
    else for (const { key } of batch) await pending.takeAway(key);
  }
  return { isHeldUp, wasAnswered, silence: null };
}

function asSilence(error: unknown): SignpostError {
  if (isSignpostError(error, "UNREACHABLE")) return error;
  throw error;
}
