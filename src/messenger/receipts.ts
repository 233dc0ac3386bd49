/** DM3's receipts: those that the user's app sends, and what those of others say of sent messages. */
import type { Contacts } from "./contacts.js";
import type { IncomingMessage } from "./incomingMessage.js";
import type { Outgoing } from "./outgoing.js";

export interface ReceiptParts {
  readonly outgoing: Pick<Outgoing, "send" | "raise">;
  readonly contacts: Pick<Contacts, "isSamePerson">;
  readonly onDefect: (thrown: unknown) => void;
}

export interface Receipts {
  /** Tells the sender that the message arrived, or that the user saw it. */
  send(message: IncomingMessage, type: "READ_RECEIVED" | "READ_OPENED"): Promise<void>;
  /** Takes from a receipt what it says. Never rejects. */
  note(message: IncomingMessage): Promise<void>;
}

/** What is answered by a receipt: no receipts of receipts. */
const ANSWERED = new Set(["NEW", "EDIT", "REPLY"]);

export function createReceipts({ outgoing, contacts, onDefect }: ReceiptParts): Receipts {
  return {
    async send({ id, from, messageHash: reference, content }, type) {
      if (!ANSWERED.has(content.type)) return;
      // by its id it is sent once
      await outgoing.send(from, { type, reference }, { id: `${type}/${id}` });
    },
    async note({ from, content }) {
      if (content.type !== "READ_RECEIVED" && content.type !== "READ_OPENED") return;
      await outgoing
        .raise(content.reference, "delivered", (to) => contacts.isSamePerson(to, from))
        .catch(onDefect);
    },
  };
}
