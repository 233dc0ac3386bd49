/** What both entries for messengers export besides `openMessageKeys`. */
export type { CryptoEngine, EncryptionKey, SigningKey } from "../dm3/crypto/cryptoEngine.js";
export type { Dm3Errors } from "../dm3/errorCodes.js";
export { deriveProfileKeys, type KeyPair, type ProfileKeys } from "../dm3/keys/keys.js";
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
