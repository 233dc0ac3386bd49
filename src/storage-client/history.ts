/** Conversations and messages as the storage has them, with what waits on this device. */
import { lastLocation } from "./codec/locations.js";
import type { Account, Connection } from "./connection.js";
import type { ContactIds } from "./contactIds.js";
import type { Conversation, StoredMessage } from "./conversation.js";
import { isGone } from "./deleting.js";
import { conversationPages, messagePages } from "./pages.js";
import type { PendingWrites } from "./pendingWrites.js";
import type { ConversationRow } from "./storageRows.js";
import type { StoredMessages } from "./storedMessages.js";
import type { Write } from "./write.js";

export interface HistoryParts {
  readonly connection: Connection;
  readonly contactIds: ContactIds;
  readonly pending: Pick<PendingWrites, "all">;
  readonly stored: Pick<StoredMessages, "opened" | "read">;
}

export interface History {
  conversations(): AsyncGenerator<Conversation, void, undefined>;
  messages(contact: string): AsyncGenerator<StoredMessage, void, undefined>;
}

export function createHistory(parts: HistoryParts): History {
  const { connection, contactIds, pending, stored } = parts;

  /** What waits for the storage in one conversation, or in all, oldest first. Names that cannot be looked up now, and soon, are left out. */
  async function waiting(): Promise<readonly { readonly id: string; readonly write: Write }[]> {
    const all = await pending.all();
    const named = await Promise.all(
      all.map(async ({ write }) => {
        const id = write.id ?? (await contactIds.soon(write.contact));
        return id === null || isGone(write, id) ? [] : [{ id, write }];
      }),
    );
    return named.flat();
  }

  async function conversationIn(
    { name: account, seal }: Account,
    contact: string,
    row: ConversationRow,
  ): Promise<Conversation> {
    const { sealedLocations, sealedPreview, updatedMs } = row;
    const locations = sealedLocations === null ? null : await seal.open(sealedLocations);
    const lastRow = { id: null, storedMs: updatedMs, isHalted: false };
    return {
      ...{ contact, updatedMs, name: lastLocation(locations) },
      preview:
        sealedPreview === null
          ? null
          : await stored.opened(sealedPreview, lastRow, contact, account),
    };
  }

  return {
    async *conversations() {
      const account = await connection.account();
      const hidden = new Set<string>();
      const deleted = new Set<string>();
      for (const { id, write } of await waiting()) {
        if (write.kind === "delete conversation") deleted.add(id);
        if (write.kind === "delete message") deleted.add(write.messageHash);
        if (write.kind !== "hide") continue;
        if (write.isHidden) hidden.add(id);
        else hidden.delete(id);
      }
      const leftOut = new Set([...hidden, ...deleted]);
      const seen = new Set<string>();
      let isNew = false;
      for await (const rows of conversationPages(account, () => isNew)) {
        isNew = false;
        for (const row of rows) {
          const contact = await account.seal.open(row.sealedName);
          // rows move while pages are read: what comes again is left out
          if (contact === null || seen.has(contact)) continue;
          seen.add(contact);
          isNew = true;
          if (leftOut.has(contact)) continue;
          const conversation = await conversationIn(account, contact, row);
          const { preview } = conversation;
          const isGone = preview !== null && deleted.has(preview.messageHash);
          yield isGone ? { ...conversation, preview: null } : conversation;
        }
      }
    },

    async *messages(contact) {
      const account = await connection.account();
      const id = await contactIds.idOf(contact);
      const sealedName = await account.seal.seal(id);
      const here = (await waiting()).filter((one) => one.id === id);
      /** What was shown before, or is deleted. */
      const leftOut = new Set<string>();
      const changed = new Map<string, string>();
      for (const { write } of here) {
        if (write.kind === "edit") changed.set(write.messageHash, write.container);
        if (write.kind === "delete message") leftOut.add(write.messageHash);
      }
      const begin = here.findLastIndex(({ write }) => write.kind === "delete conversation");
      for (const { write } of here.slice(begin + 1).reverse()) {
        if (write.kind !== "add" || leftOut.has(write.messageHash)) continue;
        const row = { id: null, storedMs: write.createdMs, isHalted: write.isHalted };
        const container = changed.get(write.messageHash) ?? write.container;
        const message = await stored.read(container, row, id, account.name);
        if (message === null) continue;
        leftOut.add(message.messageHash);
        yield message;
      }
      // what the storage has was deleted
      if (begin !== -1) return;
      const seen = new Set<string>();
      let isNew = false;
      for await (const rows of messagePages(account, sealedName, () => isNew)) {
        isNew = false;
        for (const { id: rowId, sealedContainer, createdMs: storedMs, isHalted } of rows) {
          const row = { id: rowId, storedMs, isHalted };
          const message = await stored.opened(sealedContainer, row, id, account.name);
          if (message === null || seen.has(message.messageHash)) continue;
          seen.add(message.messageHash);
          isNew = true;
          if (leftOut.has(message.messageHash)) continue;
          const container = changed.get(message.messageHash);
          const now =
            container === undefined ? null : await stored.read(container, row, id, account.name);
          yield now ?? message;
        }
      }
    },
  };
}
