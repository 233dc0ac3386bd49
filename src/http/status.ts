/** Error codes as HTTP statuses (RFC 9110). One table for every surface. */
import { type ErrorCode, isSignpostError, SignpostError } from "../errors.js";

/**
 * On the CCIP path the first digit decides: clients give up after 4xx and try the next gateway URL after 5xx
 * (ERC-3668), so whatever we could not find out is 5xx.
 */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  INVALID_NAME: 400,
  INVALID_CALL_DATA: 400,
  FUNCTION_NOT_SUPPORTED: 400,
  INVALID_PROFILE: 400,
  INVALID_REQUEST: 400,
  WRONG_SIGNER: 422,
  SUPERSEDED_PROFILE: 409,
  NAME_TAKEN: 409,
  VERSION_CONFLICT: 412,
  HELD_BY_OWNER: 409,
  NAME_SUSPENDED: 409,
  NAME_RESERVED: 409,
  POLICY_FORBIDS: 403,
  WRONG_SEQUENCE: 409,
  REQUEST_EXPIRED: 422,
  LIMIT_EXCEEDED: 429,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  UNKNOWN_RESOLVER: 404,
  UNKNOWN_DOMAIN: 404,
  NOT_FOUND: 404,
  TOO_LARGE: 413,
  DATABASE_UNAVAILABLE: 503,
  OVERLOADED: 503,
  SIGNER_UNAVAILABLE: 503,
  UNREACHABLE: 503,
  TRANSACTION_REFUSED: 422,
  TRANSACTION_FAILED: 409,
  FORBIDDEN_ADDRESS: 422,
  INVALID_CONFIGURATION: 500,
  INTERNAL: 500,
};

/**
 * Any thrown value as one of ours. What express and its parsers throw for bad requests keeps its meaning; the
 * rest is a defect, and says nothing of itself to the outside.
 */
export function toSignpostError(thrown: unknown): SignpostError {
  if (isSignpostError(thrown)) return thrown;
  const status = statusOfHttpError(thrown);
  if (status === 413) {
    return new SignpostError("TOO_LARGE", "The request body is too large; send less at once.");
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return new SignpostError(
      "INVALID_REQUEST",
      "The request could not be read; send a well-formed URL and, where there is a body, JSON in UTF-8.",
    );
  }
  return new SignpostError(
    "INTERNAL",
    "The server failed; the operator finds the cause in its log.",
    {},
    {
      cause: thrown,
    },
  );
}

/** http-errors, as body parsers and routers throw them, carry the status that they mean. */
function statusOfHttpError(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !("status" in thrown)) return undefined;
  return typeof thrown.status === "number" ? thrown.status : undefined;
}
