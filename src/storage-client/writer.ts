/**
 * Carries what is pending to the storage, in the order of each conversation. A person who cannot be looked up now, and what the storage
 * refuses for now, hold up nobody but that conversation; a storage that gives no answer is tried again, less often each time; what it
 * refuses for good is told, and given up.
 */
import { isSignpostError, type SignpostError } from "../errors.js";
import { asSignpostError } from "../messenger/defect.js";
import type { StorageParts } from "../messenger/storagePort.js";
import { pauseMs } from "../sending/patience.js";
import { sealContainer } from "./codec/sealedContainer.js";
import type { Account, Connection } from "./connection.js";
import type { ContactIds } from "./contactIds.js";
import type { HaltedMessages } from "./haltedMessages.js";
import type { PendingWrite, PendingWrites, Write } from "./pendingWrites.js";
import type { NewRow, StorageApi } from "./storageApi.js";

export interface WriterParts extends Pick<StorageParts, "keys" | "clock" | "sleep"> {
  readonly connection: Connection;
  readonly contactIds: ContactIds;
  readonly pending: Pick<PendingWrites, "all" | "takeAway">;
  readonly halted: Pick<HaltedMessages, "rowIdOf">;
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

const MOST_IN_BATCH = 100;
/** Of containers, before they are encrypted, which takes 1.8 times as many. */
const MOST_BATCH_CHARS = 2_000_000;
const AFTER_FAILURE = { firstMs: 1_000, mostMs: 5 * 60_000 };
/** The row itself is wrong, or too large: it stays so. */
const FOR_GOOD: ReadonlySet<unknown> = new Set([400, 413, 422]);

export function startWriter(parts: WriterParts): Writer {
  const { connection, contactIds, pending, clock, onFailure } = parts;
  const [keys] = parts.keys;
  const stopping = new AbortController();
  let pause = new AbortController();
  let isAwake = true;
  const isStopping = () => stopping.signal.aborted;

  let failures = 0;
  let takesBatches = false;

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
      let isDone = true;
      for (const [contact, own] of byContact(writes)) {
        if (isStopping()) return false;
        if (!(await carriedOf(account, contact, own))) isDone = false;
      }
      return isDone;
    } catch (thrown) {
      onFailure(asSignpostError(thrown, "The storage could not be written"));
      return false;
    }
  }

  /** False where it cannot go on with this one contact now. */
  async function carriedOf(
    account: Account,
    contact: string,
    writes: readonly PendingWrite[],
  ): Promise<boolean> {
    try {
      // whoever had no address may have one now
      const isAnew = writes.some(({ write }) => write.kind === "clear");
      const id = await contactIds.idOf(contact, isAnew ? "now" : "remembered");
      const sealedName = await account.seal.seal(id);
      for (let at = 0; at < writes.length && !isStopping();) {
        const batch = batchAt(writes, at, takesBatches);
        await put(account, batch, sealedName);
        for (const { key } of batch) await pending.takeAway(key);
        at += batch.length;
      }
      return true;
    } catch (error) {
      if (!isSignpostError(error)) throw error;
      const isOfStorage = isSignpostError(error, "UNREACHABLE", "TOKEN_REFUSED", "SIGN_IN_REFUSED");
      if (isOfStorage && error.details["relayNode"] === connection.url) throw error;
      onFailure(error);
      return false;
    }
  }

  async function put(
    account: Account,
    batch: readonly PendingWrite[],
    sealedName: string,
  ): Promise<void> {
    /** Refusals of the sign-in are others: those may end. */
    const tell = (ask: (api: StorageApi, token: string) => Promise<void>) =>
      account.at((api, token) =>
        ask(api, token).catch(async (error: unknown) => {
          if (!isRefusedForGood(error)) throw error;
          // one of them is wrong
          if (batch.length > 1) for (const one of batch) await put(account, [one], sealedName);
          else onFailure(error);
        }),
      );
    const [first] = batch;
    if (first === undefined) return;
    const { write } = first;
    switch (write.kind) {
      case "conversation": {
        const locations = await account.seal.seal(JSON.stringify([write.contact]));
        return tell((api, token) => api.addConversation(token, sealedName, locations));
      }
      case "hide":
        return tell((api, token) => api.hide(token, sealedName, write.isHidden));
      case "add": {
        const rows = await Promise.all(batch.flatMap((one) => rowsOf(one.write)));
        return tell(async (api, token) => {
          takesBatches = await api.add(token, sealedName, rows);
        });
      }
      case "edit": {
        const [row] = rowsOf(write);
        const sealed = await row;
        return tell(async (api, token) => {
          if (sealed !== undefined) await api.edit(token, sealedName, sealed);
        });
      }
      case "clear": {
        const rowId = await parts.halted.rowIdOf(write.messageHash);
        if (rowId !== null) await tell((api, token) => api.clearHalted(token, rowId, sealedName));
      }
    }
  }

  function rowsOf(write: Write): readonly Promise<NewRow>[] {
    if (write.kind !== "add" && write.kind !== "edit") return [];
    const { messageHash: messageId, container, createdMs: createdAt } = write;
    const isHalted = write.kind === "add" && write.isHalted;
    const sealed = async (): Promise<NewRow> => {
      const encryptedEnvelopContainer = await sealContainer(keys, container);
      return { messageId, createdAt, isHalted, encryptedEnvelopContainer };
    };
    return [sealed()];
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

/** In their order. */
function byContact(writes: readonly PendingWrite[]): ReadonlyMap<string, readonly PendingWrite[]> {
  const found = new Map<string, PendingWrite[]>();
  for (const one of writes) {
    const own = found.get(one.write.contact) ?? [];
    own.push(one);
    found.set(one.write.contact, own);
  }
  return found;
}

/** What goes in one request: messages that are added one after the other, or one write of any kind. */
function batchAt(
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

function isRefusedForGood(error: unknown): error is SignpostError {
  return isSignpostError(error, "RELAY_NODE_REFUSED") && FOR_GOOD.has(error.details.status);
}
