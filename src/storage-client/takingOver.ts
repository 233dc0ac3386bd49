/**
 * Messages that another of the user's devices left in the storage, since their receiver had no profile: this device sends them as well,
 * as long as the storage has them as halted ones. What it has no longer was sent, or taken back.
 */
import { type NewMessage, unsignedMessage } from "../dm3/message/messageContent.js";
import { signMessage } from "../dm3/message/messageSignature.js";
import { dm3Hash } from "../dm3/stringify.js";
import type { StorageParts } from "../messenger/storagePort.js";
import type { HaltedList, HaltedMessages } from "./haltedMessages.js";
import type { OwnMessages } from "./ownMessages.js";
import type { OwnWriting } from "./ownWriting.js";

export interface TakingOverParts extends Pick<StorageParts, "keys" | "clock" | "outgoing"> {
  readonly halted: Pick<HaltedMessages, "list">;
  readonly messages: OwnMessages;
  readonly own: Pick<OwnWriting, "handedOver">;
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
}

const PREFIX = "halted/";
/** What was read is used for so long, or ten times as long as reading it took. Milliseconds, as below. */
const RECENT_MS = 2_000;
const MOST_RECENT_MS = 60_000;

export function createTakingOver(parts: TakingOverParts): TakingOver {
  const { halted, messages, outgoing, own, clock, onFailure } = parts;
  const [{ signingKey }] = parts.keys;
  let reading: Promise<HaltedList> | null = null;
  let untilMs = 0;

  function read(): Promise<HaltedList> {
    const startMs = clock.nowMs();
    untilMs = Infinity;
    return (reading = halted.list().finally(() => {
      const tookMs = clock.nowMs() - startMs;
      untilMs = startMs + tookMs + Math.min(Math.max(RECENT_MS, 10 * tookMs), MOST_RECENT_MS);
    }));
  }

  async function isThere(id: string): Promise<boolean> {
    const list = await (reading === null || clock.nowMs() >= untilMs ? read() : reading);
    return list.hashes?.has(id.slice(PREFIX.length)) ?? true;
  }

  async function letGo(id: string): Promise<void> {
    await outgoing.remove(id);
    await messages.inTurn(() => messages.forget(id));
  }

  async function takeOver({ written }: HaltedList): Promise<void> {
    const kept = await messages.all();
    const here = kept.filter(([, { isHalted, isHandedOver }]) => !isHalted || isHandedOver);
    const known = new Set(await Promise.all(here.map(([, { given }]) => hashOf(given))));
    for (const { messageHash, given } of written) {
      if (known.has(messageHash)) continue;
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
        if (!id.startsWith(PREFIX) || (await messages.get(id)) === null) return true;
        if (await isThere(id)) return true;
        await letGo(id);
      } catch (thrown) {
        onFailure(thrown);
      }
      return false;
    },
  };
}
