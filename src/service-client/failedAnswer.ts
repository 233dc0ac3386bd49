/** What the service's answer told beside the code, message and details of a refusal. */
import { isSignpostError } from "../errors.js";

export interface FailedAnswer {
  /** HTTP status. */
  readonly status: number;
  /** What the operator finds in the log; null where the answer had none, as that of a proxy. */
  readonly requestId: string | null;
  /** How long to wait, in seconds; null where the answer does not say. */
  readonly retryAfterSec: number | null;
}

/**
 *   const answer = failedAnswerOf(error);
 *   if (answer?.requestId) console.error(`Ask the operator for request ${answer.requestId}.`);
 *
 * Of what a call of a client threw. Null where no answer came, where nobody was asked, and for errors that are not ours.
 */
export function failedAnswerOf(error: unknown): FailedAnswer | null {
  if (!isSignpostError(error)) return null;
  const { status, requestId, retryAfterSec } = error.details;
  if (typeof status !== "number") return null;
  return {
    status,
    requestId: typeof requestId === "string" ? requestId : null,
    retryAfterSec: typeof retryAfterSec === "number" ? retryAfterSec : null,
  };
}

/** The same as details of an error. */
export function answerDetails({ status, requestId, retryAfterSec }: FailedAnswer) {
  return {
    status,
    ...(requestId !== null && { requestId }),
    ...(retryAfterSec !== null && { retryAfterSec }),
  };
}
