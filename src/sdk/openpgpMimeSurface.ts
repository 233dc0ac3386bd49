/** What both entries for mail that is encrypted by OpenPGP export besides `lookUpByWkd`. */
export type {
  MailContent,
  MessageId,
  ReportAction,
  Written,
} from "../codecs/openpgp-mime/content/mailContent.js";
export type { WrittenContent } from "../codecs/openpgp-mime/content/writeContent.js";
export {
  type DecodedMail,
  decodeMail,
  MAIL_CHECKS,
  type MailReader,
} from "../codecs/openpgp-mime/decodeMail.js";
export { mailContentOf, messageContentsOf } from "../codecs/openpgp-mime/dm3Content.js";
export { encodeMail, type MailKeys } from "../codecs/openpgp-mime/encodeMail.js";
export type { OpenPgpMimeErrors } from "../codecs/openpgp-mime/errorCodes.js";
export type { NewMail } from "../codecs/openpgp-mime/innerEntity.js";
export {
  answerInvitation,
  confirmInvitation,
  type InvitationAnswer,
} from "../codecs/openpgp-mime/invitationAnswer.js";
export type { AutocryptKey } from "../codecs/openpgp-mime/keys/autocrypt.js";
export type { Fingerprint } from "../codecs/openpgp-mime/keys/fingerprint.js";
export {
  type Invitation,
  readInvitation,
  writeInvitation,
} from "../codecs/openpgp-mime/keys/invitation.js";
export {
  CERTIFICATE_SOURCES,
  type CertificateSource,
  type KeptCertificate,
  type KeyBook,
  type Offer,
  openKeyBook,
  type Taken,
} from "../codecs/openpgp-mime/keys/keyBook.js";
export {
  type MailKey,
  type MailKeyWish,
  makeMailKey,
  openMailKey,
  rotateMailKey,
} from "../codecs/openpgp-mime/keys/mailKey.js";
export { readVCards, type VCard, writeVCard } from "../codecs/openpgp-mime/keys/vCard.js";
export {
  type KeptMailIds,
  keptMailIds,
  type KnownMail,
  type MailIds,
  type MailStore,
} from "../codecs/openpgp-mime/mailIds.js";
export type { MailPart } from "../codecs/openpgp-mime/mailPart.js";
export { newMessageId } from "../codecs/openpgp-mime/messageId.js";
export type { FileContent } from "../codecs/openpgp-mime/mime/entity.js";
export type { KnownSenders, MailSigner } from "../codecs/openpgp-mime/senders.js";
export type { WorkerPort } from "../codecs/openpgp-mime/worker/calls.js";
export {
  type MailWorker,
  mailWorker,
  serveMailWorker,
} from "../codecs/openpgp-mime/worker/mailWorker.js";
export type { Attachment, MessageHash } from "../dm3/message/message.js";
export type { MessageContent } from "../dm3/message/messageContent.js";
export { nativeAttachment, nativeBytesOf } from "../dm3/message/nativeMessage.js";
export {
  type CommonErrors,
  type ErrorCode,
  type ErrorDetails,
  isSignpostError,
  SignpostError,
} from "../errors.js";
export type { FetchErrors } from "../fetch/errorCodes.js";
export type { FetchAnswer, Fetcher, FetchRequest } from "../fetch/fetcher.js";
