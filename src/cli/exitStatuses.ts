/** The exit statuses of commands whose codes are their own: those here, and those of each capability. */
import { CAPABILITIES } from "../capabilities/list.js";
import type { ChainErrors } from "../chain/errorCodes.js";
import type { OpenPgpMimeErrors } from "../codecs/openpgp-mime/errorCodes.js";
import type { MessageErrors } from "../dm3/message/errorCodes.js";
import type { FetchErrors } from "../fetch/errorCodes.js";
import type { LookupErrors } from "../lookup/errorCodes.js";
import type { MessengerErrors } from "../messenger/errorCodes.js";
import type { SealingErrors } from "../sealing/errorCodes.js";
import { type ExitStatuses, FAILED, WRONG_INPUT } from "../terminal/exitStatus.js";

/** Of a message that is for another key; and of one that fails a check, as of an untrusted profile. */
const NOT_FOR_US = 3;
const UNTRUSTED = 5;

const HERE: Readonly<
  Record<
    keyof (FetchErrors &
      ChainErrors &
      LookupErrors &
      SealingErrors &
      MessageErrors &
      MessengerErrors &
      OpenPgpMimeErrors),
    number
  >
> = {
  FORBIDDEN_ADDRESS: WRONG_INPUT,
  TRANSACTION_REFUSED: FAILED,
  TRANSACTION_FAILED: FAILED,
  NOT_WRITABLE: FAILED,
  SECRETS_KEY_MISSING: WRONG_INPUT,
  SECRET_UNREADABLE: FAILED,
  ENVELOPE_MALFORMED: WRONG_INPUT,
  ENVELOPE_TOO_LARGE: WRONG_INPUT,
  MESSAGE_MALFORMED: UNTRUSTED,
  DELIVERY_INFORMATION_MALFORMED: UNTRUSTED,
  UNKNOWN_ENCRYPTION: UNTRUSTED,
  NOT_FOR_THIS_KEY: NOT_FOR_US,
  WRONG_HASH: UNTRUSTED,
  UNKNOWN_SENDER: UNTRUSTED,
  WRONG_MESSAGE_SIGNATURE: UNTRUSTED,
  WRONG_METADATA_SIGNATURE: UNTRUSTED,
  SENDER_MISMATCH: UNTRUSTED,
  RECEIVER_MISMATCH: UNTRUSTED,
  WRONG_POSTMARK: UNTRUSTED,
  MAIL_MALFORMED: UNTRUSTED,
  MAIL_NOT_ENCRYPTED: UNTRUSTED,
  MAIL_NOT_FOR_THIS_KEY: NOT_FOR_US,
  MAIL_UNSIGNED: UNTRUSTED,
  WRONG_MAIL_SIGNATURE: UNTRUSTED,
  UNKNOWN_MAIL_SIGNER: UNTRUSTED,
  CHANGED_CERTIFICATE: UNTRUSTED,
  MAIL_SENDER_MISMATCH: UNTRUSTED,
  MAIL_RECEIVER_MISMATCH: UNTRUSTED,
  UNUSABLE_CERTIFICATE: WRONG_INPUT,
  UNKNOWN_REFERENCE: WRONG_INPUT,
  INVITATION_REFUSED: UNTRUSTED,
  OTHER_KEYS: WRONG_INPUT,
  TOKEN_REFUSED: FAILED,
  SIGN_IN_REFUSED: FAILED,
  RELAY_NODE_REFUSED: FAILED,
  ATTACHMENT_TOO_LARGE: WRONG_INPUT,
};

export const EXIT_STATUSES: readonly ExitStatuses[] = [
  HERE,
  ...CAPABILITIES.map(({ exitStatuses }) => exitStatuses),
];
