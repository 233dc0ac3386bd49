/**
 * How the RPC surface says no: for each code its HTTP status, the code of the JSON-RPC error by DM3's specification
 * (DM3MTP, "Submit Message"), and the text by which the reference says it, where it has one.
 */
import { type ErrorCode, isSignpostError, type SignpostError } from "../../errors.js";
import { shownError, type Statuses } from "../shownError.js";
import type { RpcErrors } from "./errorCodes.js";

type RpcCode =
  | "WRONG_CALL"
  | "ENVELOPE_MALFORMED"
  | "ENVELOPE_TOO_LARGE"
  | "NOT_FOR_THIS_KEY"
  | "DELIVERY_INFORMATION_MALFORMED"
  | "NO_ACCOUNT"
  | "UNKNOWN_SENDER"
  | "WRONG_METADATA_SIGNATURE"
  | "INVALID_PROFILE"
  | "UNWANTED"
  | "LIMIT_EXCEEDED"
  | "MAILBOX_FULL"
  | "UNREACHABLE"
  | "DATABASE_UNAVAILABLE";

interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly text: string;
}

const INVALID_PARAMS = -32602;
const INVALID_INPUT = -32000;
const NOT_FOUND = -32001;
const UNAVAILABLE = -32002;
const UNAUTHORIZED = -32003;
const LIMIT = -32005;
const SPAM = -32050;
const TOO_BIG = -32051;

const WRONG_CALLS: Readonly<Record<RpcErrors["WRONG_CALL"]["reason"], Refusal>> = {
  "no-call": { status: 400, code: -32600, text: "Bad Request" },
  "unknown-method": { status: 405, code: -32601, text: "Method not allowed" },
  "no-envelope": { status: 400, code: INVALID_PARAMS, text: "Envelop missing" },
  "no-json": { status: 400, code: INVALID_PARAMS, text: "Error parsing envelop" },
};

const REFUSALS: Readonly<Record<RpcCode | keyof Statuses<never>, Refusal>> = {
  INVALID_REQUEST: { status: 400, code: -32600, text: "Bad Request" },
  WRONG_CALL: WRONG_CALLS["no-call"],
  ENVELOPE_MALFORMED: { status: 400, code: INVALID_PARAMS, text: "invalid schema" },
  DELIVERY_INFORMATION_MALFORMED: { status: 400, code: INVALID_INPUT, text: "Invalid input" },
  NOT_FOR_THIS_KEY: { status: 400, code: INVALID_INPUT, text: "Invalid input" },
  NO_ACCOUNT: { status: 400, code: NOT_FOUND, text: "unknown user" },
  INVALID_PROFILE: { status: 400, code: NOT_FOUND, text: "Resource not found" },
  UNKNOWN_SENDER: { status: 400, code: UNAUTHORIZED, text: "Unauthorized" },
  WRONG_METADATA_SIGNATURE: { status: 400, code: UNAUTHORIZED, text: "Unauthorized" },
  UNWANTED: { status: 400, code: SPAM, text: "Spam" },
  MAILBOX_FULL: { status: 400, code: LIMIT, text: "Limit exceeded" },
  LIMIT_EXCEEDED: { status: 429, code: LIMIT, text: "Limit exceeded" },
  ENVELOPE_TOO_LARGE: { status: 400, code: TOO_BIG, text: "Too big" },
  TOO_LARGE: { status: 413, code: TOO_BIG, text: "Too big" },
  UNREACHABLE: { status: 503, code: UNAVAILABLE, text: "Resource unavailable" },
  DATABASE_UNAVAILABLE: { status: 503, code: UNAVAILABLE, text: "Resource unavailable" },
  INTERNAL: { status: 500, code: -32603, text: "Internal error" },
};

export const RPC_STATUS = Object.fromEntries(
  Object.entries(REFUSALS).map(([code, { status }]) => [code, status]),
) as Statuses<RpcCode>;

export interface RpcRefusal {
  readonly status: number;
  readonly error: SignpostError;
  /** The member `error` of a JSON-RPC response (JSON-RPC 2.0, section 5.1). */
  readonly rpcError: {
    readonly code: number;
    /** As the reference says it. */
    readonly message: string;
    readonly data: {
      readonly code: ErrorCode;
      /** What to do. */
      readonly message: string;
      readonly details: object;
    };
  };
}

export function rpcRefusal(thrown: unknown): RpcRefusal {
  const { error } = shownError(thrown, RPC_STATUS);
  const { status, code, text } = isSignpostError(error, "WRONG_CALL")
    ? WRONG_CALLS[error.details.reason]
    : REFUSALS[error.code as keyof typeof REFUSALS];
  const { message, details } = error;
  return {
    ...{ status, error },
    rpcError: { code, message: text, data: { code: error.code, message, details } },
  };
}
