/** What the service answered, in the form that its own shapes draw. */
import { SignpostError } from "../errors.js";
import type { Shape } from "../wire/shape.js";
import type { HttpAnswer } from "./exchange.js";
import { answerDetails } from "./failedAnswer.js";

/**
 * The body by its shape. A newer service may tell more than this client knows: fields beyond the schema stay. Throws
 * UNREACHABLE for anything else: then it is not Signpost that answered.
 */
export function understoodAnswer<T>(shape: Shape<T>, origin: string, answer: HttpAnswer): T {
  const json = jsonOf(answer.body);
  if (shape.fits(json)) return json;
  const { status, headers } = answer;
  const requestId = headers.get("x-request-id");
  const reason = `answered HTTP ${status} with something else than the service API`;
  throw new SignpostError(
    "UNREACHABLE",
    `${origin} ${reason}. Check that the URL is the one of a Signpost service.`,
    { ...answerDetails({ status, requestId, retryAfterSec: null }), reason: `it ${reason}` },
  );
}

/** Undefined for what is not JSON. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
