/** The storage of one messenger, before and after that has it. */
import { SignpostError } from "../errors.js";
import type { MessageStorage } from "./messageStorage.js";
import { type OpenedStorage, openStorage } from "./openStorage.js";
import { type StorageOptions, storageSettings } from "./storageSettings.js";

/**
 * Give it to one messenger: `createMessenger({ ..., storage })`. It asks nobody anything before that.
 *
 * Throws INVALID_REQUEST and INVALID_NAME for wrong options.
 */
export function createStorage(options: StorageOptions): MessageStorage {
  const settings = storageSettings(options);
  let opened: OpenedStorage | null = null;
  const now = () => {
    if (opened === null) throw unused();
    return opened;
  };
  return {
    open(parts) {
      if (opened !== null) throw usedTwice();
      opened = openStorage(settings, parts);
      return opened.forMessenger;
    },
    account: async () => now().account(),
    async *conversations() {
      yield* now().conversations();
    },
    async *messages(contact) {
      yield* now().messages(contact);
    },
    addConversation: async (contact) => now().addConversation(contact),
    setHidden: async (contact, isHidden) => now().setHidden(contact, isHidden),
    markRead: async (messages) => now().markRead(messages),
    deleteMessages: async (messages) => now().deleteMessages(messages),
    deleteConversation: async (contact) => now().deleteConversation(contact),
    settled: async (signal) => now().settled(signal),
  };
}

function unused(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "This storage belongs to no messenger yet. Give it to createMessenger first.",
  );
}

function usedTwice(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "This storage belongs to another messenger. Make one for each.",
  );
}
