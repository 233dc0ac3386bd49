/** What the user deletes for all devices. What waits on this device of the same is not sent any more. */
import { SignpostError } from "../errors.js";
import type { ContactIds } from "./contactIds.js";
import type { StoredMessage } from "./conversation.js";
import type { PendingWrites } from "./pendingWrites.js";
import type { StoredMessages } from "./storedMessages.js";

export interface DeletingParts {
  readonly contactIds: ContactIds;
  readonly pending: Pick<PendingWrites, "add" | "all" | "takeAway">;
  readonly stored: Pick<StoredMessages, "givenOf">;
}

export interface Deleting {
  /** Throws INVALID_REQUEST for other objects than an app was given. */
  messages(messages: readonly StoredMessage[]): Promise<void>;
  /** Throws why the name could not be looked up. */
  conversation(contact: string): Promise<void>;
}

export function createDeleting({ contactIds, pending, stored }: DeletingParts): Deleting {
  return {
    async messages(messages) {
      const given = messages.map((message) => ({ message, known: stored.givenOf(message) }));
      for (const { message, known } of given) {
        if (known === null) throw anotherMessage();
        const { isOwn, from, to, messageHash } = message;
        const contact = isOwn ? to : from;
        const { rowId } = known;
        // first, so that nothing of it is left if the program stops here
        await pending.add({ kind: "delete message", contact, messageHash, rowId });
        for (const { key, write } of await pending.all()) {
          const isOfIt = write.kind === "add" || write.kind === "edit";
          if (isOfIt && write.messageHash === messageHash) await pending.takeAway(key);
        }
      }
    },

    async conversation(contact) {
      const id = await contactIds.idOf(contact);
      const before = await pending.all();
      await pending.add({ kind: "delete conversation", contact });
      for (const { key, write } of before) {
        // who cannot be looked up now was not written to as this one
        const isOfIt = (await contactIds.idOf(write.contact).catch(() => null)) === id;
        if (isOfIt && write.kind !== "clear") await pending.takeAway(key);
      }
    },
  };
}

export function anotherMessage(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "Give the messages that messages() of the storage gave, and no copies of them.",
    { field: "messages" },
  );
}
