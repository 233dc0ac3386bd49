/**
 * Carries what is pending to the storage, in the order of each conversation. A person who cannot be looked up now, what the storage
 * refuses for now, and a request without an answer hold up nobody but that conversation, and in it no deletion; a storage that gives no
 * answer is tried again, less often each time; what it refuses for good is told, and given up.
 */
import type { SignpostError } from "../errors.js";
import { asSignpostError } from "../messenger/defect.js";
import type { StorageParts } from "../messenger/storagePort.js";
import { byConversation, createBatchSize } from "./batches.js";
import { carried } from "./carrying.js";
import type { Account, Connection } from "./connection.js";
import type { ContactIds } from "./contactIds.js";
import { createNextRound } from "./nextRound.js";
import { createPauses } from "./pauses.js";
import type { PendingWrite, PendingWrites } from "./pendingWrites.js";
import type { Putting } from "./putting.js";
import { type Silence, silenceIn } from "./silence.js";
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
  const next = createNextRound({ clock, sleep });
  /** The conversation that could not be carried last. */
  let lastFailed: string | null = null;

  const ids = createWriteIds({
    ...{ contactIds, sleep, pauses: names, onLate: next.added },
    onFailure: (error) => {
      if (!signal.aborted) onFailure(error);
    },
  });

  async function run(): Promise<void> {
    while (!signal.aborted) {
      next.begins();
      const wasAnswered = await round();
      await next.after(wasAnswered, Math.min(names.untilNextMs(), conversations.untilNextMs()));
    }
  }

  /** Returns false where the storage gave no answer. Never rejects. */
  async function round(): Promise<boolean> {
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

  /** Begins behind the conversation that could not be carried last. Returns as `round`. */
  async function carriedAll(account: Account, all: readonly Conversation[]): Promise<boolean> {
    const silence = silenceIn(conversations);
    const start = all.findIndex(([id]) => id === lastFailed) + 1;
    for (const conversation of [...all.slice(start), ...all.slice(0, start)]) {
      if (signal.aborted) return true;
      if (!(await goesOn(account, conversation, silence))) return false;
    }
    return silence.isThere();
  }

  /** Carries one conversation. Returns whether the others have their turn as well. */
  async function goesOn(account: Account, [id, writes]: Conversation, silence: Silence) {
    const isPaused = conversations.has(id);
    const came = await carried(carrying, account, id, writes, isPaused).catch((error: unknown) => {
      lastFailed = id;
      throw error;
    });
    if (came.wasAnswered) silence.answered();
    if (came.silence === null) {
      if (!came.isHeldUp) conversations.succeeded(id);
      else if (!isPaused) conversations.failed(id);
      return true;
    }
    lastFailed = id;
    onFailure(came.silence);
    // a part of it has arrived: the rest is not to wait longer each time
    if (came.wasAnswered && !came.isHeldUp) conversations.succeeded(id);
    return silence.unanswered(id);
  }

  const running = run();
  return {
    added: next.added,
    wake: () => {
      names.end();
      conversations.end();
      next.wake();
    },
    async stop() {
      stopping.abort();
      next.wake();
      await running;
    },
  };
}
