/** What both entries for apps of XMPP servers export besides `openMessageKeys` and `createXmppMessenger`. */
export type { KeyPair, ProfileKeys } from "../dm3/keys/keys.js";
export type { Attachment, MessageHash } from "../dm3/message/message.js";
export type { MessageContent } from "../dm3/message/messageContent.js";
export type { MessageKeys } from "../dm3/message/messageKeys.js";
export { MESSAGE_STATES, type MessageState } from "../dm3/message/messageState.js";
export type { SignedUserProfile } from "../dm3/profile/profile.js";
export {
  type CommonErrors,
  type ErrorCode,
  type ErrorDetails,
  isSignpostError,
  SignpostError,
} from "../errors.js";
export type { Fetcher } from "../fetch/fetcher.js";
export type { OpenedAttachment } from "../messenger/attachments.js";
export type { IncomingMessage } from "../messenger/incomingMessage.js";
export { indexedDbKeyValue } from "../messenger/indexedDbKeyValue.js";
export type { SendOptions } from "../messenger/outgoing.js";
export type { OutgoingReport } from "../messenger/outgoingReport.js";
export { type KeyValue, memoryKeyValue } from "../sending/keyValue.js";
export type { Reason, WhyNot } from "../sending/outgoingMessage.js";
export type { Patience } from "../sending/patience.js";
export { askXmppGateway, type GatewayAsked } from "../xmpp-client/askGateway.js";
export type { XmppConnection, XmppListener } from "../xmpp-client/connection.js";
export type { XmppClientErrors } from "../xmpp-client/errorCodes.js";
export type { Greeting } from "../xmpp-client/gateway.js";
export type { XmppMessenger } from "../xmpp-client/messengerInterface.js";
export type { OpenNative } from "../xmpp-client/openNative.js";
export type { XmlElement } from "../xmpp-client/xmlElement.js";
export {
  xmppClientConnection,
  xmppClientElement,
  type XmppJsClient,
  type XmppJsElement,
  type XmppJsXml,
} from "../xmpp-client/xmppClientConnection.js";
export type { XmppMessengerOptions, XmppProblem } from "../xmpp-client/xmppMessengerOptions.js";
