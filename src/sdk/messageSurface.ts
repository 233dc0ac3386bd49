/** What both entries for messengers export besides `openMessageKeys` and `createMessenger`. */
export type { BlobErrors } from "../dm3/blob/errorCodes.js";
export type { CryptoEngine, EncryptionKey, SigningKey } from "../dm3/crypto/cryptoEngine.js";
export type { Dm3Errors } from "../dm3/errorCodes.js";
export type { KeyPair, ProfileKeys } from "../dm3/keys/keys.js";
export {
  DEFAULT_STORAGE_KEY_NONCE,
  storageKeyCreationMessage,
  storageKeyOf,
} from "../dm3/keys/storageKey.js";
export {
  type Contact,
  type DecodedMessage,
  decodeMessage,
  type DecodeOptions,
  MESSAGE_CHECKS,
  type MessageCheck,
} from "../dm3/message/decodeMessage.js";
export type { DeliveryInformation } from "../dm3/message/deliveryInformation.js";
export {
  type AddressedEnvelope,
  type EncodedMessage,
  encodeMessage,
  type EncodeOptions,
  type Receiver,
  type RelayNodeFound,
} from "../dm3/message/encodeMessage.js";
export type {
  ClaimedHash,
  Envelope,
  EnvelopeMetadata,
  HashField,
} from "../dm3/message/envelope.js";
export type { MessageErrors } from "../dm3/message/errorCodes.js";
export type { Attachment, Message, MessageHash, MessageType } from "../dm3/message/message.js";
export type { MessageContent, NewMessage } from "../dm3/message/messageContent.js";
export type { MessageKeys } from "../dm3/message/messageKeys.js";
export { MESSAGE_STATES, type MessageState } from "../dm3/message/messageState.js";
export { withHashField } from "../dm3/message/metadataSignature.js";
export {
  parseProxyEnvelope,
  type ProxyEnvelope,
  proxyEnvelopeOf,
} from "../dm3/message/proxyEnvelope.js";
export type { UnknownContent } from "../dm3/message/receivedMessage.js";
export {
  type CommonErrors,
  type ErrorCode,
  type ErrorDetails,
  isSignpostError,
  SignpostError,
} from "../errors.js";
export type { FetchErrors } from "../fetch/errorCodes.js";
export type { FetchAnswer, Fetcher, FetchRequest } from "../fetch/fetcher.js";
export type { OpenedAttachment } from "../messenger/attachments.js";
export type { MessengerErrors } from "../messenger/errorCodes.js";
export type { Filters, NodeFilters } from "../messenger/filters.js";
export type { IncomingMessage } from "../messenger/incomingMessage.js";
export { indexedDbKeyValue } from "../messenger/indexedDbKeyValue.js";
export type { LiveSocket, SocketIo } from "../messenger/liveConnection.js";
export type { Problem } from "../messenger/mailbox.js";
export type { MessagesOptions, Messenger } from "../messenger/messenger.js";
export type { MessengerOptions } from "../messenger/messengerOptions.js";
export type { SendOptions } from "../messenger/outgoing.js";
export type { OutgoingReport } from "../messenger/outgoingReport.js";
export { type KeyValue, memoryKeyValue } from "../sending/keyValue.js";
export type { Reason, WhyNot } from "../sending/outgoingMessage.js";
export type { Patience } from "../sending/patience.js";
