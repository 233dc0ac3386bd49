/** Which pending writes go together: each conversation for itself, and in it messages that are added one after the other. */
import type { PendingWrite } from "./pendingWrites.js";

const MOST_IN_BATCH = 100;

/** Of containers, before they are encrypted, which takes 1.8 times as many. */
const BATCH_CHARS = { first: 160_000, most: 2_000_000, least: 5_000 };

/**
 * How much goes in one request: half as much after no answer, until the way is quick enough for it, and more after an answer to a request
 * that was not far from it.
 */
export interface BatchSize {
  /** Characters of containers. A single message goes even if it is longer. */
  most(): number;
  answered(batch: readonly PendingWrite[]): void;
  unanswered(batch: readonly PendingWrite[]): void;
}

export function createBatchSize(): BatchSize {
  let most = BATCH_CHARS.first;
  let growth = 2;
  return {
    most: () => most,
    answered(batch) {
      // a small one says nothing about a large one
      if (charsOf(batch) > most / 2) most = Math.min(most * growth, BATCH_CHARS.most);
    },
    unanswered(batch) {
      // a single one is as little as there is
      if (batch.length < 2) return;
      most = Math.max(Math.min(most, charsOf(batch)) / 2, BATCH_CHARS.least);
      growth = 1.5;
    },
  };
}

function charsOf(batch: readonly PendingWrite[]): number {
  return batch.reduce(
    (sum, { write }) => sum + (write.kind === "add" ? write.container.length : 0),
    0,
  );
}

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

/**
 * What goes in one request: messages that are added, or one write of any kind.
 * @param mostChars of containers; null where the storage takes one message at a time
 */
export function batchAt(
  writes: readonly PendingWrite[],
  start: number,
  mostChars: number | null,
): readonly PendingWrite[] {
  const batch: PendingWrite[] = [];
  let chars = 0;
  for (const one of writes.slice(start, start + (mostChars === null ? 1 : MOST_IN_BATCH))) {
    if (one.write.kind !== "add") return batch.length === 0 ? [one] : batch;
    chars += one.write.container.length;
    if (batch.length > 0 && chars > (mostChars ?? 0)) break;
    batch.push(one);
  }
  return batch;
}
