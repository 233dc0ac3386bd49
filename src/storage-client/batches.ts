/** Which pending writes go together: each conversation for itself, and in it messages that are added one after the other. */
import type { PendingWrite } from "./pendingWrites.js";

const MOST_IN_BATCH = 100;
/** Of containers, before they are encrypted, which takes 1.8 times as many. */
const MOST_BATCH_CHARS = 2_000_000;

/**
 * By conversation, each in the order in which it was written, whichever of a person's names that was by: what is deleted in between
 * takes along only what came before.
 * @param ids of the conversations that were looked up, by contact; what is of none is left out
 */
export function byConversation(
  writes: readonly PendingWrite[],
  ids: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly PendingWrite[]> {
  const found = new Map<string, PendingWrite[]>();
  for (const one of writes) {
    const id = one.write.id ?? ids.get(one.write.contact);
    if (id === undefined) continue;
    const own = found.get(id) ?? [];
    own.push(one);
    found.set(id, own);
  }
  return found;
}

/** What goes in one request: messages that are added, or one write of any kind. */
export function batchAt(
  writes: readonly PendingWrite[],
  start: number,
  takesBatches: boolean,
): readonly PendingWrite[] {
  const batch: PendingWrite[] = [];
  let chars = 0;
  for (const one of writes.slice(start, start + (takesBatches ? MOST_IN_BATCH : 1))) {
    if (one.write.kind !== "add") return batch.length === 0 ? [one] : batch;
    chars += one.write.container.length;
    if (batch.length > 0 && chars > MOST_BATCH_CHARS) break;
    batch.push(one);
  }
  return batch;
}
