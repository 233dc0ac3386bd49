/** Error codes as exit statuses. What a script branches on has a status of its own; the rest shares 1. */
import type { ChainErrors } from "../chain/errorCodes.js";
import type { CommonErrors, ErrorCode } from "../errors.js";
import type { FetchErrors } from "../fetch/errorCodes.js";
import type { GatewayErrors } from "../gateway/errorCodes.js";
import type { SealingErrors } from "../sealing/errorCodes.js";

const FAILED = 1;
const WRONG_INPUT = 2;
const NOT_AVAILABLE = 4;

/** The codes that commands end with. */
type CommandCode =
  | keyof (CommonErrors & FetchErrors & GatewayErrors & ChainErrors & SealingErrors)
  | "UNKNOWN_DOMAIN"
  | "NAME_TAKEN"
  | "FORBIDDEN";

const EXIT_STATUS: Readonly<Record<CommandCode, number>> = {
  INVALID_NAME: WRONG_INPUT,
  INVALID_REQUEST: WRONG_INPUT,
  INVALID_CONFIGURATION: WRONG_INPUT,
  SECRETS_KEY_MISSING: WRONG_INPUT,
  TOO_LARGE: WRONG_INPUT,
  FORBIDDEN_ADDRESS: WRONG_INPUT,
  NOT_FOUND: FAILED,
  UNKNOWN_DOMAIN: FAILED,
  NAME_TAKEN: FAILED,
  FORBIDDEN: FAILED,
  TRANSACTION_REFUSED: FAILED,
  TRANSACTION_FAILED: FAILED,
  SECRET_UNREADABLE: FAILED,
  INTERNAL: FAILED,
  DATABASE_UNAVAILABLE: NOT_AVAILABLE,
  SIGNER_UNAVAILABLE: NOT_AVAILABLE,
  UNREACHABLE: NOT_AVAILABLE,
  OVERLOADED: NOT_AVAILABLE,
};

/** Of any other code, as of a defect; the operator sees its sentence all the same. */
export function exitStatusOf(code: ErrorCode): number {
  return isOfCommands(code) ? EXIT_STATUS[code] : EXIT_STATUS.INTERNAL;
}

function isOfCommands(code: ErrorCode): code is CommandCode {
  return Object.hasOwn(EXIT_STATUS, code);
}
