/** Messages that arrived, from their envelopes to containers: as they were signed, with what their relay node said of them. */
import { decryptText } from "../dm3/message/encryption.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import { SignpostError } from "../errors.js";
import type { IncomingMessage } from "../messenger/incomingMessage.js";
import { containerOfReceived } from "./codec/container.js";

export interface ReceivedMessages {
  arrived(message: IncomingMessage, envelope: unknown): void;
  /** Throws INVALID_REQUEST for another object than the one that was handed over. */
  containerOf(message: IncomingMessage): Promise<string>;
}

interface Opened {
  readonly message?: unknown;
  readonly metadata?: unknown;
  readonly postmark?: unknown;
}

/** @param keys the user's present ones, then earlier ones */
export function createReceivedMessages(keys: readonly MessageKeys[]): ReceivedMessages {
  /** As long as the app has the message. */
  const envelopes = new WeakMap<IncomingMessage, unknown>();

  /** Null for what is not encrypted for the user. */
  async function opened(encrypted: unknown): Promise<unknown> {
    if (typeof encrypted !== "string") return null;
    for (const { engine, encryptionKey } of keys) {
      const text = await decryptText(engine, encryptionKey, encrypted);
      if (text !== null && text !== "malformed") return jsonOrNull(text.text);
    }
    return null;
  }

  return {
    arrived(message, envelope) {
      envelopes.set(message, envelope);
    },
    async containerOf(message) {
      const envelope = envelopes.get(message);
      if (envelope === undefined) throw anotherObject();
      const whole = typeof envelope === "string" ? jsonOrNull(envelope) : envelope;
      const { message: encrypted, metadata, postmark } = Object(whole) as Opened;
      return containerOfReceived(await opened(encrypted), {
        metadata: Object(metadata) as Readonly<Record<string, unknown>>,
        postmark: await opened(postmark),
      });
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
