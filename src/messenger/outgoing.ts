/** The sending half of a messenger: its outbox, and whoever waits for a message to be on its way. */
import { toHex } from "../abi/hex.js";
import type { MessageContent } from "../dm3/message/messageContent.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import { SignpostError } from "../errors.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import type { ProfileOutcome } from "../lookup/outcome.js";
import type { KeyValue } from "../sending/keyValue.js";
import { keyValueOutbox } from "../sending/keyValueOutbox.js";
import type { OutgoingMessage } from "../sending/outgoingMessage.js";
import { PATIENCE, type Patience } from "../sending/patience.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import { type Sender, startSender } from "../sending/sender.js";
import { isSettled, type OutgoingReport, reportOf } from "./outgoingReport.js";
import type { SessionClock } from "./session.js";
import { sleep } from "./sleep.js";

export interface OutgoingParts extends SessionClock {
  readonly name: string;
  readonly keys: MessageKeys;
  readonly store: KeyValue;
  readonly profileOf: (name: string) => Promise<ProfileOutcome>;
  readonly access: RelayNodeAccess;
  readonly patience: Partial<Patience>;
  readonly onOutgoing: (message: OutgoingReport) => void;
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
  /** Whether the outbox knows this id. */
  has(id: string): Promise<boolean>;
  list(): Promise<readonly OutgoingReport[]>;
  settled(id: string, signal: AbortSignal | undefined): Promise<OutgoingReport>;
  remove(id: string): Promise<boolean>;
}

const ID_BYTES = 16;
/** How long a message that is over can still be raised to delivered. */
const REMEMBERED_MS = 60 * 24 * 3_600_000;

export function startOutgoing(parts: OutgoingParts): Outgoing {
  const { name, keys, nowMs, onOutgoing } = parts;
  const outbox = keyValueOutbox(parts.store);
  const listeners = new Set<(message: OutgoingMessage) => void>();
  const sender = startSender({
    ...{ outbox, nowMs, sleep, profileOf: parts.profileOf, chance: parts.chance },
    keysOf: () => keys,
    submit: parts.access,
    patience: { ...PATIENCE, ...parts.patience },
    onProgress: (message) => {
      onOutgoing(reportOf(message));
      for (const listener of [...listeners]) listener(message);
    },
    reportFailure: parts.onDefect,
  });
  outbox.forget(nowMs() - REMEMBERED_MS).catch(parts.onDefect);

  return {
    raise: (...how) => sender.raise(...how),
    stop: () => sender.stop(),
    wake: () => {
      sender.wake();
    },
    async send(to, content, { id, deliveryInstruction }) {
      const given = { ...content, from: name, to, timestampMs: nowMs() };
      const own = id ?? toHex(keys.engine.entropy(ID_BYTES));
      return reportOf(await sender.send({ id: own, given, deliveryInstruction }));
    },
    has: async (id) => (await outbox.get(id)) !== null,
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
