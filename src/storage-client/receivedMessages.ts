/**
 * Messages that arrived, from their envelopes to what is written of them: as they were signed, with what their relay node said of them,
 * into the conversation of whoever was verified then.
 */
import { decryptText } from "../dm3/message/encryption.js";
import { SignpostError } from "../errors.js";
import type { IncomingMessage } from "../messenger/incomingMessage.js";
import type { StorageParts } from "../messenger/storagePort.js";
import { containerOfReceived, inState, readContainer } from "./codec/container.js";
import type { ContactIds } from "./contactIds.js";
import type { Write } from "./pendingWrites.js";

export interface ReceivedMessages {
  arrived(message: IncomingMessage, envelope: unknown): void;
  /** What keeps it. Throws INVALID_REQUEST for another object than the one that was handed over. */
  add(message: IncomingMessage): Promise<Write>;
  /** What notes that the user saw it; null for what nobody can read. Throws the same. */
  seen(message: IncomingMessage): Promise<Write | null>;
}

export interface ReceivedMessagesParts extends Pick<StorageParts, "keys" | "contactOf" | "clock"> {
  readonly contactIds: Pick<ContactIds, "ofAddress">;
}

interface Opened {
  readonly message?: unknown;
  readonly metadata?: unknown;
  readonly postmark?: unknown;
}

export function createReceivedMessages(parts: ReceivedMessagesParts): ReceivedMessages {
  const { keys, contactOf, clock, contactIds } = parts;
  /** As long as the app has the message. */
  const envelopes = new WeakMap<IncomingMessage, unknown>();
  const addresses = new WeakMap<IncomingMessage, string>();

  /** Known from the message's own check, a moment ago. Never rejects. */
  async function noteAddress(message: IncomingMessage): Promise<void> {
    try {
      const contact = await contactOf(message.from);
      if (contact?.address !== undefined) addresses.set(message, contact.address);
    } catch {
      // it is looked up when the message is stored
    }
  }

  /** Null for what is not encrypted for the user. */
  async function opened(encrypted: unknown): Promise<unknown> {
    if (typeof encrypted !== "string") return null;
    for (const { engine, encryptionKey } of keys) {
      const text = await decryptText(engine, encryptionKey, encrypted);
      if (text !== null && text !== "malformed") return jsonOrNull(text.text);
    }
    return null;
  }

  async function containerOf(message: IncomingMessage): Promise<string> {
    const envelope = envelopes.get(message);
    if (envelope === undefined) throw anotherObject();
    const whole = typeof envelope === "string" ? jsonOrNull(envelope) : envelope;
    const { message: encrypted, metadata, postmark } = Object(whole) as Opened;
    return containerOfReceived(await opened(encrypted), {
      metadata: Object(metadata) as Readonly<Record<string, unknown>>,
      postmark: await opened(postmark),
    });
  }

  function about(message: IncomingMessage) {
    const { from: contact, messageHash } = message;
    const address = addresses.get(message);
    if (address === undefined) return { contact, messageHash };
    return { contact, messageHash, id: contactIds.ofAddress(contact, address) };
  }

  return {
    arrived(message, envelope) {
      envelopes.set(message, envelope);
      void noteAddress(message);
    },
    async add(message) {
      const container = await containerOf(message);
      return {
        ...{ kind: "add", ...about(message), container, isHalted: false },
        ...{ createdMs: clock.nowMs(), incomingId: message.id },
      };
    },
    async seen(message) {
      const container = readContainer(await containerOf(message));
      if (container === null) return null;
      return {
        ...{ kind: "edit", ...about(message), createdMs: clock.nowMs() },
        container: inState(container.members, "read"),
      };
    },
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function anotherObject(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "With a storage, acknowledge the message that messages() gave, and no copy of it: the copy lacks what the storage keeps.",
    { field: "message" },
  );
}
