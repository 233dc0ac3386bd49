/** Sends messages through an outbox, in which each lies until it is known what became of it. */
import type { Awaitable } from "../dm3/crypto/cryptoEngine.js";
import type { MessageState } from "../dm3/message/messageState.js";
import { advance as alongRelayNodes } from "./advance.js";
import type { GoOn } from "./conversationWork.js";
import { type NewOutgoing, newOutgoing } from "./newOutgoing.js";
import type { OutgoingMessage } from "./outgoingMessage.js";
import type { Advance, SendingParts } from "./sendingParts.js";
import { startWork, type Work } from "./work.js";
import type { WorkParts } from "./workParts.js";

export interface SenderParts extends WorkParts, Omit<SendingParts, "mayHold"> {
  /** How one message goes on. Default: along the receiver's relay nodes, by HTTP. */
  readonly advance?: Advance | undefined;
}

export interface Sender extends Work {
  /**
   * Keeps the message and begins to send it. Returns as soon as it is kept: a crash does not lose it then.
   * @throws INVALID_NAME, INVALID_REQUEST for what is no message; what the outbox throws
   */
  send(message: NewOutgoing): Promise<OutgoingMessage>;
  /** Raises the state of the messages with this hash that `isReceiver` takes. */
  raise(
    messageHash: string,
    state: MessageState,
    isReceiver: (to: string) => Awaitable<boolean>,
  ): Promise<void>;
}

/** Signs and encrypts what it sends. */
export function startSender(parts: SenderParts): Sender {
  const sending: SendingParts = { ...parts, mayHold: parts.outbox.isSendersOwn };
  const advance = parts.advance ?? alongRelayNodes;
  return workOff(parts, (message, keep) => advance(sending, message, keep));
}

/** @param goOn brings one message as far as it gets now */
export function workOff(parts: WorkParts, goOn: GoOn): Sender {
  const { outbox } = parts;
  const work = startWork(parts, goOn);
  let newestMs = 0;

  return {
    ...work,
    async send(message) {
      const now = newOutgoing(message, parts.nowMs(), parts.patience.deadlineMs);
      // what is written within a millisecond stays in its order as well
      newestMs = Math.max(now.createdMs, newestMs + 1);
      const given = { ...now, createdMs: newestMs };
      if (!(await outbox.add(given))) {
        const known = await outbox.get(message.id);
        if (known !== null) return known;
      }
      work.wake();
      return given;
    },
    async raise(messageHash, state, isReceiver) {
      for (const { id, to } of await outbox.withHash(messageHash)) {
        if (!(await isReceiver(to))) continue;
        const message = await outbox.raise(id, state);
        if (message !== null) parts.onProgress?.(message);
      }
    },
  };
}
