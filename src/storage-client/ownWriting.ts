/**
 * The messages that the user writes on this device, from the outbox into the storage: as soon as it is known that their receiver has a
 * profile, or as halted ones where that is known to be missing.
 */
import { type NewMessage, unsignedMessage } from "../dm3/message/messageContent.js";
import { signMessage } from "../dm3/message/messageSignature.js";
import { dm3Hash } from "../dm3/stringify.js";
import type { OutgoingReport } from "../messenger/outgoingReport.js";
import type { StorageParts } from "../messenger/storagePort.js";
import { containerOfSent, inState, readContainer } from "./codec/container.js";
import type { OwnMessage, OwnMessages } from "./ownMessages.js";
import type { Write } from "./pendingWrites.js";

export interface OwnWritingParts extends Pick<StorageParts, "keys" | "clock" | "outgoing"> {
  readonly messages: OwnMessages;
  readonly write: (write: Write) => Promise<void>;
  readonly onDefect: (thrown: unknown) => void;
}

export interface OwnWriting {
  /** Before the outbox has it. */
  written(id: string, given: NewMessage): Promise<void>;
  /** Never rejects. */
  became(report: OutgoingReport): void;
  withdrawn(id: string): Promise<void>;
  /** The outbox has a message that another device had left in the storage. */
  handedOver(report: OutgoingReport): Promise<void>;
  /** Goes on with what the program stopped in. Called before anything else. */
  goOn(): Promise<void>;
}

/** Below it, a message that the outbox does not have may be on its way there from another page. */
const JUST_WRITTEN_MS = 60_000;
/** Nobody is shown them: they say of other messages that those arrived. */
const RECEIPTS = new Set(["READ_RECEIVED", "READ_OPENED"]);

export function createOwnWriting(parts: OwnWritingParts): OwnWriting {
  const { messages, outgoing, write, clock } = parts;
  const [{ signingKey }] = parts.keys;

  async function signed(given: NewMessage) {
    const message = await signMessage(signingKey, unsignedMessage(given));
    return { message, messageHash: dm3Hash(message) };
  }

  async function add(given: NewMessage, isHalted: boolean): Promise<void> {
    const { message, messageHash } = await signed(given);
    const container = containerOfSent(message, isHalted);
    await write({
      ...{ kind: "add", contact: given.to, messageHash, container, isHalted },
      ...{ createdMs: clock.nowMs(), incomingId: null },
    });
  }

  /** It is no longer to be sent by any device. */
  async function clear(given: NewMessage, isSent: boolean): Promise<void> {
    const { message, messageHash } = await signed(given);
    await write({ kind: "clear", contact: given.to, messageHash });
    const container = readContainer(containerOfSent(message, false));
    if (isSent || container === null) return;
    await write({
      ...{ kind: "edit", contact: given.to, messageHash, createdMs: clock.nowMs() },
      container: inState(container.members, "failed"),
    });
  }

  /** The outbox has the message, or has had it. */
  async function step(report: OutgoingReport): Promise<void> {
    const { id, state, mark } = report;
    const message = await messages.get(id);
    if (message === null) return;
    const { given, isHalted, isHandedOver } = message;
    if (isHalted) {
      if (state === null && !isHandedOver)
        await messages.put(id, { ...message, isHandedOver: true });
      if (state === null) return;
      await clear(given, state === "accepted" || state === "delivered");
    } else if (mark === "held") {
      await add(given, true);
      await messages.put(id, { given, isHalted: true, isHandedOver: true });
      return;
    } else {
      // it is on its way to somebody with a profile, or there is no way
      if (state === null && report.messageHash === null) return;
      await add(given, false);
    }
    await messages.forget(id);
  }

  async function withdraw(id: string): Promise<void> {
    const message = await messages.get(id);
    if (message?.isHalted === true) await clear(message.given, false);
    await messages.forget(id);
  }

  /** The outbox does not have it. */
  async function missing(id: string, { given, isHalted, isHandedOver }: OwnMessage): Promise<void> {
    if (isHandedOver) return withdraw(id);
    // it stays at the storage, and is taken over anew
    if (isHalted) return;
    if (clock.nowMs() - given.timestampMs > JUST_WRITTEN_MS) await messages.forget(id);
  }

  return {
    async written(id, given) {
      if (RECEIPTS.has(given.type)) return;
      await messages.inTurn(() =>
        messages.put(id, { given, isHalted: false, isHandedOver: false }),
      );
    },
    became: (report) => {
      messages.inTurn(() => step(report)).catch(parts.onDefect);
    },
    withdrawn: (id) => messages.inTurn(() => withdraw(id)),
    handedOver: (report) => messages.inTurn(() => step(report)),
    // in its turn, before what is written now: of that the outbox may not know yet
    goOn: () =>
      messages.inTurn(async () => {
        for (const [id, message] of await messages.all()) {
          const report = await outgoing.report(id);
          if (report === null) await missing(id, message);
          else await step(report);
        }
      }),
  };
}
