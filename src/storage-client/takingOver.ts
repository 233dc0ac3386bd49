/**
 * Messages that another of the user's devices left in the storage, since their receiver had no profile: this device sends them as well,
 * as long as the storage has them as halted ones. What it has no longer was sent, or taken back.
 */
import { type NewMessage, unsignedMessage } from "../dm3/message/messageContent.js";
import { signMessage } from "../dm3/message/messageSignature.js";
import { dm3Hash } from "../dm3/stringify.js";
import type { StorageParts } from "../messenger/storagePort.js";
import { leftMs } from "../sending/span.js";
import type { HaltedList, HaltedMessages } from "./haltedMessages.js";
import type { OwnMessages } from "./ownMessages.js";
import type { OwnWriting } from "./ownWriting.js";
import type { PendingWrites } from "./pendingWrites.js";

export interface TakingOverParts extends Pick<StorageParts, "keys" | "clock" | "outgoing"> {
  readonly halted: Pick<HaltedMessages, "list">;
  readonly messages: OwnMessages;
  readonly own: Pick<OwnWriting, "handedOver">;
  readonly pending: Pick<PendingWrites, "all">;
  readonly onFailure: (thrown: unknown) => void;
}

export interface TakingOver {
  /** Takes over what is there, and leaves alone what is there no longer. Never rejects. */
  look(): Promise<void>;
  /**
   * Whether a message of the outbox may be sent now, as far as the storage goes. One that was taken over, and is not there any more,
   * is taken out of the outbox. Never rejects.
   */
  mayBeSent(id: string): Promise<boolean>;
  /** This device sent the message, or took it back: it is not taken over again, also as long as the storage does not know. */
  cleared(messageHash: string): void;
}

const PREFIX = "halted/";
/** What was read is used for so long, or ten times as long as reading it took. Milliseconds, as below. */
const RECENT_MS = 2_000;
const MOST_RECENT_MS = 60_000;

export function createTakingOver(parts: TakingOverParts): TakingOver {
  const { halted, messages, outgoing, own, pending, clock, onFailure } = parts;
  const [{ signingKey }] = parts.keys;
  /** By hash, as far as it is known here. */
  const cleared = new Set<string>();
  let reading: Promise<HaltedList> | null = null;
  let startMs = 0;
  let goodForMs = 0;

  function read(): Promise<HaltedList> {
    startMs = clock.nowMs();
    goodForMs = Infinity;
    return (reading = halted.list().finally(() => {
      const tookMs = clock.nowMs() - startMs;
      goodForMs = tookMs + Math.min(Math.max(RECENT_MS, 10 * tookMs), MOST_RECENT_MS);
    }));
  }

  async function isThere(hash: string): Promise<boolean> {
    const isRecent = leftMs({ sinceMs: startMs, lengthMs: goodForMs }, clock.nowMs()) > 0;
    const list = await (reading !== null && isRecent ? reading : read());
    return list.hashes?.has(hash) ?? true;
  }

  /** Before the start, where the storage does not know yet. */
  async function noteCleared(): Promise<void> {
    for (const { write } of await pending.all()) {
      if (write.kind === "clear") cleared.add(write.messageHash);
    }
  }

  async function letGo(id: string): Promise<void> {
    await outgoing.remove(id);
    await messages.inTurn(() => messages.forget(id));
  }

  async function takeOver({ written }: HaltedList): Promise<void> {
    const kept = await messages.all();
    const here = kept.filter(([, { isHalted, isHandedOver }]) => !isHalted || isHandedOver);
    const known = new Set(await Promise.all(here.map(([, { given }]) => hashOf(given))));
    await noteCleared();
    for (const { messageHash, given } of written) {
      if (known.has(messageHash) || cleared.has(messageHash)) continue;
      const id = PREFIX + messageHash;
      if ((await outgoing.report(id)) !== null) continue;
      // first, so that it is cleared if the program stops when the outbox has it
      await messages.inTurn(() => messages.put(id, { given, isHalted: true, isHandedOver: false }));
      await own.handedOver(await outgoing.sendWritten({ id, given }));
    }
  }

  const hashOf = async (given: NewMessage) =>
    dm3Hash(await signMessage(signingKey, unsignedMessage(given)));

  async function leaveAlone({ hashes }: HaltedList): Promise<void> {
    if (hashes === null) return;
    for (const [id] of await messages.all()) {
      if (!id.startsWith(PREFIX) || hashes.has(id.slice(PREFIX.length))) continue;
      const report = await outgoing.report(id);
      // what became of it otherwise is told by the outbox
      if (report === null || report.state === null) await letGo(id);
    }
  }

  return {
    async look() {
      try {
        const list = await read();
        await leaveAlone(list);
        await takeOver(list);
      } catch (thrown) {
        onFailure(thrown);
      }
    },
    async mayBeSent(id) {
      try {
        if (!id.startsWith(PREFIX)) return true;
        const hash = id.slice(PREFIX.length);
        await noteCleared();
        if (!cleared.has(hash)) {
          if ((await messages.get(id)) === null || (await isThere(hash))) return true;
        }
        await letGo(id);
      } catch (thrown) {
        onFailure(thrown);
      }
      return false;
    },
    cleared: (messageHash) => void cleared.add(messageHash),
  };
}
