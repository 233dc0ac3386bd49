/** What the service refused, as the error that it answered with. */
import { SignpostError } from "../errors.js";
import { refusalSchema, type ServiceCode, serviceDetails } from "../wire/refusal.js";
import type { HttpAnswer } from "./exchange.js";
import { answerDetails } from "./failedAnswer.js";
import { jsonOf } from "./understoodAnswer.js";

const LONGEST_MESSAGE = 4_000;

/**
 * The service's own code, message and details, and beside them what `failedAnswerOf` reads. An answer of somebody in
 * between, such as a proxy, has a code by its status: LIMIT_EXCEEDED, TOO_LARGE or UNREACHABLE.
 */
export function refusedAnswer(origin: string, answer: HttpAnswer): SignpostError {
  const { status, headers } = answer;
  const facts = answerDetails({
    status,
    requestId: headers.get("x-request-id"),
    retryAfterSec: retryAfterOf(headers.get("retry-after"), headers.get("date")),
  });
  const refusal = jsonOf(answer.body);
  if (!refusalSchema.fits(refusal)) return strangersRefusal(origin, status, facts);
  const { code, message, details } = refusal;
  return refusalError({ code, message, details: { ...details, ...facts } }, status);
}

/**
 * A refusal as an error. A code that this client is too old for, or whose details are not what the code promises,
 * stands in `details.code`.
 */
export function refusalError(
  { code, message, details }: { code: string; message: string; details: object },
  status = 0,
): SignpostError {
  const sentence = message.slice(0, LONGEST_MESSAGE);
  if (isUnderstood(code, details)) return new SignpostError(code, sentence, { ...details });
  const nearest = status >= 500 ? "UNREACHABLE" : "INVALID_REQUEST";
  return new SignpostError(nearest, sentence, { ...details, code });
}

function isUnderstood(code: string, details: object): code is ServiceCode {
  if (!Object.hasOwn(serviceDetails, code)) return false;
  return serviceDetails[code as ServiceCode].fits(details);
}

function strangersRefusal(origin: string, status: number, facts: object): SignpostError {
  const reason = `answered HTTP ${status}, not in the words of Signpost`;
  const advice =
    status === 429
      ? "Wait, and send less at once."
      : status === 413
        ? "Send less at once."
        : "Check the URL, and what is in front of the service.";
  return new SignpostError(
    status === 429 ? "LIMIT_EXCEEDED" : status === 413 ? "TOO_LARGE" : "UNREACHABLE",
    `${origin} ${reason}. ${advice}`,
    { ...facts, reason: `it ${reason}` },
  );
}

/** RFC 9110, section 10.2.3: seconds, or a date, which is compared with the answer's own. Null where there is none. */
function retryAfterOf(retryAfter: string | null, date: string | null): number | null {
  if (retryAfter === null) return null;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter);
  const waitMs = Date.parse(retryAfter) - (date === null ? Date.now() : Date.parse(date));
  return Number.isNaN(waitMs) ? null : Math.max(0, Math.ceil(waitMs / 1000));
}
