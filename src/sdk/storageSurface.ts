/** What both entries for a storage export besides `createStorage`. */
export type { KeyPair, ProfileKeys } from "../dm3/keys/keys.js";
export type { MessageHash } from "../dm3/message/message.js";
export type { MessageContent } from "../dm3/message/messageContent.js";
export type { UnknownContent } from "../dm3/message/receivedMessage.js";
export {
  type CommonErrors,
  type ErrorCode,
  type ErrorDetails,
  isSignpostError,
  SignpostError,
} from "../errors.js";
export type { MessengerErrors } from "../messenger/errorCodes.js";
export type { OpenStorage, StorageParts, StoragePort } from "../messenger/storagePort.js";
export type { Conversation, StoredMessage } from "../storage-client/conversation.js";
export type { MessageStorage } from "../storage-client/messageStorage.js";
export type { StorageOptions } from "../storage-client/storageSettings.js";
