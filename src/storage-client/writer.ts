/**
 * Carries what is pending to the storage, in the order of each conversation. A person who cannot be looked up now, and what the storage
 * refuses for now, hold up nobody but that conversation, and in it no deletion; a storage that gives no answer is tried again, less often each time; what it
 * refuses for good is told, and given up.
 */
import { isSignpostError, type SignpostError } from "../errors.js";
import { asSignpostError } from "../messenger/defect.js";
import type { StorageParts } from "../messenger/storagePort.js";
import { pauseMs } from "../sending/patience.js";
import { batchAt, byConversation } from "./batches.js";
import type { Account, Connection } from "./connection.js";
import type { ContactIds } from "./contactIds.js";
import { giveUp, isGone } from "./deleting.js";
import { isDeletion, type PendingWrite, type PendingWrites } from "./pendingWrites.js";
import type { Putting } from "./putting.js";

export interface WriterParts extends Pick<StorageParts, "clock" | "sleep"> {
  readonly connection: Connection;
  readonly contactIds: ContactIds;
  readonly pending: Pick<PendingWrites, "add" | "all" | "takeAway">;
  readonly putting: Putting;
  readonly onFailure: (error: SignpostError) => void;
}

export interface Writer {
  /** There is something to do. Where the storage gave no answer, it is left alone for as long as before. */
  added(): void;
  /** The way out is open again. */
  wake(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

const AFTER_FAILURE = { firstMs: 1_000, mostMs: 5 * 60_000 };

export function startWriter(parts: WriterParts): Writer {
  const { connection, contactIds, pending, putting, clock, onFailure } = parts;
  const stopping = new AbortController();
  let pause = new AbortController();
  let isAwake = true;
  let failures = 0;
  const isStopping = () => stopping.signal.aborted;

  async function run(): Promise<void> {
    while (!isStopping()) {
      pause = new AbortController();
      isAwake = false;
      const isDone = await round();
      failures = isDone ? 0 : failures + 1;
      await slept(isDone ? Infinity : pauseMs(failures, AFTER_FAILURE, clock.chance()));
    }
  }

  async function slept(ms: number): Promise<void> {
    if (!isAwake && !isStopping()) await parts.sleep(ms, pause.signal);
  }

  /** False where something is left. Never rejects. */
  async function round(): Promise<boolean> {
    try {
      const writes = await pending.all();
      if (writes.length === 0) return true;
      const account = await connection.account();
      const ids = await idsOf(writes);
      let isDone = writes.every(({ write }) => ids.has(write.contact));
      for (const [id, own] of byConversation(writes, ids)) {
        if (isStopping()) return false;
        if (!(await isCarried(account, id, own))) isDone = false;
      }
      return isDone;
    } catch (thrown) {
      onFailure(asSignpostError(thrown, "The storage could not be written"));
      return false;
    }
  }

  /** False where it cannot go on with this one conversation now. Throws what the storage's API throws. */
  async function isCarried(
    account: Account,
    id: string,
    all: readonly PendingWrite[],
  ): Promise<boolean> {
    const writes = all.filter(({ write }) => !isGone(write, id));
    for (const one of all) if (isGone(one.write, id)) await giveUp(pending, one);
    const sealedName = await account.seal.seal(id);
    let isHeldUp = false;
    for (let at = 0; at < writes.length && !isStopping();) {
      const batch = batchAt(writes, at, putting.takesBatches());
      at += batch.length;
      // a storage that is full has room again by what is deleted
      if (isHeldUp && !batch.every(({ write }) => isDeletion(write))) continue;
      if ((await putting.put(account, batch, sealedName)) === "refused") isHeldUp = true;
      else for (const { key } of batch) await pending.takeAway(key);
    }
    return !isHeldUp;
  }

  /** By contact. Whoever cannot be looked up now is not among them, which is told. */
  async function idsOf(writes: readonly PendingWrite[]): Promise<ReadonlyMap<string, string>> {
    // whoever had no address may have one now
    const anew = writes.flatMap(({ write }) => (write.kind === "clear" ? [write.contact] : []));
    const ids = new Map<string, string>();
    for (const contact of new Set(writes.map(({ write }) => write.contact))) {
      try {
        const age = anew.includes(contact) ? "now" : "remembered";
        ids.set(contact, await contactIds.idOf(contact, age));
      } catch (error) {
        if (!isSignpostError(error)) throw error;
        onFailure(error);
      }
    }
    return ids;
  }

  const wake = () => {
    isAwake = true;
    pause.abort();
  };
  const running = run();
  return {
    added: () => {
      if (failures === 0) wake();
    },
    wake,
    async stop() {
      stopping.abort();
      wake();
      await running;
    },
  };
}
