/**
 * What becomes of an error over HTTP (RFC 9110). Each surface has a closed table of the codes that it shows, with their
 * statuses; whatever else is thrown there is a defect of ours.
 */
import { type ErrorCode, isSignpostError, SignpostError } from "../errors.js";

/** What every surface shows: requests that cannot be read, and defects. */
type HttpCode = "INVALID_REQUEST" | "TOO_LARGE" | "INTERNAL";

/** The table of a surface that shows these codes, and those of every surface. */
export type Statuses<Code extends ErrorCode = ErrorCode> = Readonly<
  Record<Code | HttpCode, number>
>;

export interface ShownError {
  readonly error: SignpostError;
  readonly status: number;
}

/** Any thrown value as a surface shows it. */
export function shownError(thrown: unknown, statuses: Statuses<never>): ShownError {
  const error = toSignpostError(thrown);
  const status = statusOf(error.code, statuses);
  if (status !== undefined) return { error, status };
  return { error: defect(error), status: statuses.INTERNAL };
}

function statusOf(code: ErrorCode, statuses: Statuses<never>): number | undefined {
  const all: Partial<Record<ErrorCode, number>> = statuses;
  return Object.hasOwn(all, code) ? all[code] : undefined;
}

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
  return defect(thrown);
}

function defect(cause: unknown): SignpostError {
  return new SignpostError(
    "INTERNAL",
    "The server failed; the operator finds the cause in its log.",
    {},
    { cause },
  );
}

/** http-errors, as body parsers and routers throw them, carry the status that they mean. */
function statusOfHttpError(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !("status" in thrown)) return undefined;
  return typeof thrown.status === "number" ? thrown.status : undefined;
}
