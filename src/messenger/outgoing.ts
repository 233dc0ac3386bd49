/** The sending half of a messenger: its outbox, and whoever waits for a message to be on its way. */
import { toHex } from "../abi/hex.js";
import type { Awaitable } from "../dm3/crypto/cryptoEngine.js";
import type { MessageContent, NewMessage } from "../dm3/message/messageContent.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import type { MessageState } from "../dm3/message/messageState.js";
import { SignpostError } from "../errors.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import type { ProfileOutcome } from "../lookup/outcome.js";
import type { KeyValueOutbox } from "../sending/keyValueOutbox.js";
import type { NewOutgoing } from "../sending/newOutgoing.js";
import type { OutgoingMessage, WhyNot } from "../sending/outgoingMessage.js";
import { PATIENCE, type Patience } from "../sending/patience.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import { type Sender, startSender } from "../sending/sender.js";
import type { Advance } from "../sending/sendingParts.js";
import { isSettled, type OutgoingReport, reportOf } from "./outgoingReport.js";
import type { SessionClock } from "./session.js";
import { sleep } from "./sleep.js";

export interface OutgoingParts extends SessionClock {
  /** The user's ENS name, for a message that is written now. */
  readonly ownName: () => Awaitable<string>;
  readonly keys: MessageKeys;
  readonly outbox: KeyValueOutbox;
  /** Default: along the receiver's relay nodes. */
  readonly advance?: Advance | undefined;
  readonly profileOf: (name: string) => Promise<ProfileOutcome>;
  readonly access: RelayNodeAccess;
  readonly patience: Partial<Patience>;
  readonly onOutgoing: (message: OutgoingReport) => void;
  /** Told of a message that is written now, before the outbox has it. */
  readonly onWritten?: ((id: string, given: NewMessage) => Awaitable<unknown>) | undefined;
  readonly onDefect: (thrown: unknown) => void;
}

export interface SendOptions {
  /** The same id again is the same message. Default: a new one. */
  readonly id?: string | undefined;
  /** For a reply to a message of another network: `content.replyDeliveryInstruction` of that. */
  readonly deliveryInstruction?: string | undefined;
}

export interface Outgoing extends Pick<Sender, "raise" | "stop" | "wake"> {
  send(to: string, content: MessageContent, options: SendOptions): Promise<OutgoingReport>;
  /** The same for what was written before. */
  sendWritten(message: NewOutgoing): Promise<OutgoingReport>;
  /** Raises the state of one message. */
  raiseOne(id: string, state: MessageState, why?: WhyNot): Promise<void>;
  /** Null for an id that the outbox does not know. */
  report(id: string): Promise<OutgoingReport | null>;
  list(): Promise<readonly OutgoingReport[]>;
  settled(id: string, signal: AbortSignal | undefined): Promise<OutgoingReport>;
  remove(id: string): Promise<boolean>;
}

const ID_BYTES = 16;
/** How long a message that is over can still be raised to delivered. */
const REMEMBERED_MS = 60 * 24 * 3_600_000;

export function startOutgoing(parts: OutgoingParts): Outgoing {
  const { ownName, outbox, keys, nowMs, onOutgoing } = parts;
  const listeners = new Set<(message: OutgoingMessage) => void>();
  const told = (message: OutgoingMessage) => {
    onOutgoing(reportOf(message));
    for (const listener of [...listeners]) listener(message);
  };
  const sender = startSender({
    ...{ outbox, nowMs, sleep, profileOf: parts.profileOf, chance: parts.chance },
    advance: parts.advance,
    keysOf: () => keys,
    submit: parts.access,
    patience: { ...PATIENCE, ...parts.patience },
    onProgress: told,
    reportFailure: parts.onDefect,
  });
  const report = async (id: string) => {
    const message = await outbox.get(id);
    return message && reportOf(message);
  };
  outbox.forget(nowMs() - REMEMBERED_MS).catch(parts.onDefect);

  return {
    raise: (...how) => sender.raise(...how),
    stop: () => sender.stop(),
    wake: () => {
      sender.wake();
    },
    async send(to, content, { id, deliveryInstruction }) {
      const given = { ...content, from: await ownName(), to, timestampMs: nowMs() };
      const own = id ?? toHex(keys.engine.entropy(ID_BYTES));
      if ((await outbox.get(own)) === null) await parts.onWritten?.(own, given);
      return reportOf(await sender.send({ id: own, given, deliveryInstruction }));
    },
    sendWritten: async (message) => reportOf(await sender.send(message)),
    async raiseOne(id, state, why) {
      const message = await outbox.raise(id, state, why);
      if (message !== null) told(message);
    },
    report,
    list: async () => (await outbox.list()).map(reportOf),
    remove: (id) => outbox.remove(id),
    async settled(id, signal) {
      let listener: (message: OutgoingMessage) => void = () => undefined;
      const settled = new Promise<OutgoingReport>((resolve) => {
        listener = (message) => {
          if (message.id === id && isSettled(message)) resolve(reportOf(message));
        };
        listeners.add(listener);
      });
      try {
        const now = await outbox.get(id);
        if (now === null) throw unknownId(id);
        if (isSettled(now)) return reportOf(now);
        return await unlessAborted(signal, settled);
      } finally {
        listeners.delete(listener);
      }
    },
  };
}

function unknownId(id: string): SignpostError {
  const sentence = "There is no outgoing message with this id. Give the id that send() returned.";
  return new SignpostError("NOT_FOUND", sentence, { id });
}
