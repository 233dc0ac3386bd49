/**
 * What a lookup can be refused with, as HTTP statuses. The first digit decides: clients give up after 4xx and try the
 * next gateway URL after 5xx (ERC-3668), so whatever we could not find out is 5xx.
 */
import type { LookupCode } from "../../gateway/errorCodes.js";
import type { Statuses } from "../shownError.js";

export const LOOKUP_STATUS: Statuses<LookupCode | "NOT_FOUND"> = {
  INVALID_CALL_DATA: 400,
  INVALID_NAME: 400,
  INVALID_REQUEST: 400,
  UNKNOWN_RESOLVER: 404,
  UNKNOWN_DOMAIN: 404,
  /** The path is not that of a lookup. */
  NOT_FOUND: 404,
  TOO_LARGE: 413,
  OVERLOADED: 503,
  DATABASE_UNAVAILABLE: 503,
  SOURCE_UNAVAILABLE: 503,
  SIGNER_UNAVAILABLE: 503,
  INVALID_CONFIGURATION: 500,
  INTERNAL: 500,
};
