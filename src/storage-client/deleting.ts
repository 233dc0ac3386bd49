/** What the user deletes for all devices. What waits on this device of the same is not sent any more. */
import { SignpostError } from "../errors.js";
import type { ContactIds } from "./contactIds.js";
import type { StoredMessage } from "./conversation.js";
import type { PendingWrite, PendingWrites } from "./pendingWrites.js";
import type { StoredMessages } from "./storedMessages.js";
import type { Write } from "./write.js";

export interface DeletingParts {
  readonly contactIds: ContactIds;
  readonly pending: Pick<PendingWrites, "add" | "all" | "look" | "change" | "takeAway">;
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
      // of other pages as well
      await pending.look();
      for (const { message, known } of given) {
        if (known === null) throw anotherMessage();
        const { isOwn, from, to, messageHash } = message;
        const contact = isOwn ? to : from;
        const { id, rowId } = known;
        // first, so that nothing of it is left if the program stops here
        await pending.add({ kind: "delete message", contact, id, messageHash, rowId });
        for (const { key, write } of await pending.all()) {
          const isOfIt = write.kind === "add" || write.kind === "edit";
          if (isOfIt && write.messageHash === messageHash) await pending.takeAway(key);
        }
      }
    },

    async conversation(contact) {
      const id = await contactIds.idOf(contact);
      await pending.look();
      const before = await pending.all();
      // as it is called now: whoever is behind the name later had nothing deleted
      await pending.add({ kind: "delete conversation", contact: id, id });
      const owns = await Promise.all(
        before.map(async ({ write }) => write.id ?? (await contactIds.soon(write.contact))),
      );
      for (const [at, one] of before.entries()) {
        const { key, write } = one;
        if (write.kind === "clear" || write.kind === "delete message") continue;
        const own = owns[at] ?? null;
        if (own === id) await giveUp(pending, one);
        if (own !== null) continue;
        await pending.change(key, { ...write, goneWith: [...(write.goneWith ?? []), id] });
      }
    },
  };
}

/** Whether it is of a conversation that was deleted before it was known whose it is. */
export function isGone({ goneWith = [] }: Write, id: string): boolean {
  return goneWith.includes(id);
}

/** What was to be written into a conversation that is deleted. A message may have been sent without an answer, or be elsewhere. */
export async function giveUp(
  pending: Pick<PendingWrites, "add" | "takeAway">,
  { key, write }: PendingWrite,
): Promise<void> {
  if (write.kind === "add") {
    const { contact, messageHash, id } = write;
    const about = { contact, messageHash, ...(id !== undefined && { id }) };
    await pending.add({ kind: "delete message", ...about, rowId: null });
  }
  await pending.takeAway(key);
}

export function anotherMessage(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "Give the messages that messages() of the storage gave, and no copies of them.",
    { field: "messages" },
  );
}
