/** What an app can do with a user's storage. */
import type { StoragePort } from "../messenger/storagePort.js";
import type { Conversation, StoredMessage } from "./conversation.js";

export interface MessageStorage extends StoragePort {
  /** The account's name at the storage. Throws why the own profile could not be looked up. */
  account(): Promise<string>;
  /**
   * All conversations that are not hidden, the one that changed last first; page by page as they are taken.
   * @throws UNREACHABLE, SIGN_IN_REFUSED, RELAY_NODE_REFUSED
   */
  conversations(): AsyncGenerator<Conversation, void, undefined>;
  /**
   * All messages of a conversation, hidden or not, the newest first; page by page as they are taken. What waits on this device comes
   * first. EDIT, DELETE_REQUEST and REACTION are messages like others, and what they are about stays as it was.
   * @param contact a name, or `contact` of a conversation
   * @throws UNREACHABLE, SIGN_IN_REFUSED, RELAY_NODE_REFUSED, and why the name could not be looked up
   */
  messages(contact: string): AsyncGenerator<StoredMessage, void, undefined>;
  /** Begins a conversation, which is empty. Returns when that waits on this device. */
  addConversation(contact: string): Promise<void>;
  /** Hides a conversation from all of the user's devices, or shows it again. Returns when that waits on this device. */
  setHidden(contact: string, isHidden: boolean): Promise<void>;
  /**
   * Notes for all devices that the user saw these. Their senders are told by `Messenger.markRead` alone.
   * @throws INVALID_REQUEST for other objects than `messages` gave
   */
  markRead(messages: readonly StoredMessage[]): Promise<void>;
  /**
   * Deletes messages from the storage, for all devices and for good. Returns when that waits on this device. One that waits to be
   * sent is sent all the same: `Messenger.withdraw` takes it back. dm3's own storage cannot do it, which is told to `onProblem`; what
   * was not stored yet is given up there all the same.
   * @throws INVALID_REQUEST for other objects than `messages` and `conversations` gave
   */
  deleteMessages(messages: readonly StoredMessage[]): Promise<void>;
  /**
   * Deletes a conversation with all its messages; the same. It begins anew with the next message.
   * @param contact a name, or `contact` of a conversation
   * @throws why the name could not be looked up
   */
  deleteConversation(contact: string): Promise<void>;
  /** Resolves when nothing waits on this device any more. Rejects with the signal's reason. */
  settled(signal?: AbortSignal): Promise<void>;
}
