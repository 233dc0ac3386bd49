/** Which mail a DM3 message is: pairs of a Message-ID and a `messageHash`, in a store of the app. See `messageId.ts`. */
import type { MessageHash } from "../../dm3/message/message.js";
import type { MessageId } from "./content/mailContent.js";
import { isMessageId } from "./messageId.js";

/** Whatever keeps values by their keys; values are JSON. Null where there is none. */
export interface MailStore {
  readonly get: (key: string) => Promise<unknown>;
  readonly set: (key: string, value: unknown) => Promise<void>;
}

export interface KnownMail {
  readonly messageId: MessageId;
  /** What a reply may quote. */
  readonly text: string | null;
}

export interface MailIds {
  /** Null where the message was no mail, or is not known here. */
  readonly mailOf: (messageHash: string) => Promise<KnownMail | null>;
  /** Null where the mail is not known here. */
  readonly hashOf: (messageId: MessageId) => Promise<MessageHash | null>;
}

/** As a client keeps them. The first pair of a Message-ID or of a hash stays: nobody can turn an old mail into a later one. */
export interface KeptMailIds extends MailIds {
  readonly remember: (messageHash: MessageHash, mail: KnownMail) => Promise<void>;
}

const LONGEST_TEXT = 2000;

export function keptMailIds(store: MailStore): KeptMailIds {
  const keyOfMail = (messageId: MessageId) => `mail/${messageId}`;
  const keyOfHash = (hash: string) => `message/${hash.toLowerCase()}`;
  return {
    mailOf: async (messageHash) => {
      const { messageId, text } = Object(await store.get(keyOfHash(messageHash))) as {
        readonly messageId?: unknown;
        readonly text?: unknown;
      };
      if (typeof messageId !== "string" || !isMessageId(messageId)) return null;
      return { messageId, text: typeof text === "string" ? text : null };
    },
    hashOf: async (messageId) => (await store.get(keyOfMail(messageId))) as MessageHash | null,
    remember: async (messageHash, { messageId, text }) => {
      const isKnown = async (key: string) => (await store.get(key)) !== null;
      if (!(await isKnown(keyOfMail(messageId))))
        await store.set(keyOfMail(messageId), messageHash);
      if (await isKnown(keyOfHash(messageHash))) return;
      const shown = text === null ? null : text.slice(0, LONGEST_TEXT);
      await store.set(keyOfHash(messageHash), { messageId, text: shown });
    },
  };
}
