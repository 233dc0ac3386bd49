/**
 * Carries what is pending to the storage, in the order of each conversation. A person who cannot be looked up now, what the storage
 * refuses for now, and a request without an answer hold up nobody but that conversation, and in it no deletion; a storage that gives no
 * answer is tried again, less often each time; what it refuses for good is told, and given up.
 */
import { isSignpostError, type SignpostError } from "../errors.js";
import { asSignpostError } from "../messenger/defect.js";
import type { StorageParts } from "../messenger/storagePort.js";
import { pauseMs } from "../sending/patience.js";
import { byConversation, createBatchSize } from "./batches.js";
import { carried } from "./carrying.js";
import type { Account, Connection } from "./connection.js";
import type { ContactIds } from "./contactIds.js";
import { AFTER_FAILURE, createPauses } from "./pauses.js";
import type { PendingWrite, PendingWrites } from "./pendingWrites.js";
import type { Putting } from "./putting.js";
import { createWriteIds } from "./writeIds.js";

export interface WriterParts extends Pick<StorageParts, "clock" | "sleep"> {
  readonly connection: Connection;
  readonly contactIds: Pick<ContactIds, "idOf">;
  readonly pending: Pick<PendingWrites, "add" | "all" | "kept" | "takeAway">;
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

type Conversation = readonly [id: string, writes: readonly PendingWrite[]];

export function startWriter(parts: WriterParts): Writer {
  const { connection, contactIds, pending, putting, clock, sleep, onFailure } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const [names, conversations] = [createPauses(clock), createPauses(clock)];
  const carrying = { pending, putting, batchSize: createBatchSize(), signal };
  let pause = new AbortController();
  let isAwake = true;
  /** Rounds in a row that the storage did not answer. */
  let failures = 0;
  /** The conversation that had no answer last. */
  let lastSilent: string | null = null;

  const wake = () => {
    isAwake = true;
    pause.abort();
  };
  const added = () => {
    if (failures === 0) wake();
  };
  const ids = createWriteIds({
    ...{ contactIds, sleep, pauses: names, onLate: added },
    onFailure: (error) => {
      if (!signal.aborted) onFailure(error);
    },
  });

  async function run(): Promise<void> {
    while (!signal.aborted) {
      pause = new AbortController();
      isAwake = false;
      failures = (await isAnswered()) ? 0 : failures + 1;
      const nextMs = Math.min(names.untilNextMs(), conversations.untilNextMs());
      await slept(failures === 0 ? nextMs : pauseMs(failures, AFTER_FAILURE, clock.chance()));
    }
  }

  async function slept(ms: number): Promise<void> {
    if (!isAwake && !signal.aborted) await sleep(ms, pause.signal);
  }

  /** One round. False where the storage gave no answer. Never rejects. */
  async function isAnswered(): Promise<boolean> {
    try {
      const writes = await pending.all();
      if (writes.length === 0) return true;
      const account = await connection.account();
      const known = await ids.of(writes, signal);
      return await carriedAll(account, [...byConversation(writes, known)]);
    } catch (thrown) {
      onFailure(asSignpostError(thrown, "The storage could not be written"));
      return false;
    }
  }

  /**
   * False where the storage gave no answer: to two in a row, or to the only one. Where others have one, it was the way of that conversation
   * alone. The next time begins behind it.
   */
  async function carriedAll(account: Account, all: readonly Conversation[]): Promise<boolean> {
    const start = all.findIndex(([id]) => id === lastSilent) + 1;
    let silent: string | null = null;
    let hasAnswered = false;
    for (const [id, own] of [...all.slice(start), ...all.slice(0, start)]) {
      if (signal.aborted) return true;
      try {
        const isPaused = conversations.has(id);
        const { isHeldUp, isAnswered } = await carried(carrying, account, id, own, isPaused);
        if (!isHeldUp) conversations.succeeded(id);
        else if (!isPaused) conversations.failed(id);
        if (!isAnswered) continue;
        hasAnswered = true;
        if (silent !== null) conversations.failed(silent);
        silent = null;
      } catch (error) {
        lastSilent = id;
        if (silent !== null || !isSignpostError(error, "UNREACHABLE")) throw error;
        onFailure(error);
        silent = id;
      }
    }
    if (silent !== null && hasAnswered) conversations.failed(silent);
    return silent === null || hasAnswered;
  }

  const running = run();
  return {
    added,
    wake: () => {
      names.end();
      conversations.end();
      wake();
    },
    async stop() {
      stopping.abort();
      wake();
      await running;
    },
  };
}
