/** A bound on how long an answer of the database is waited for, whatever happens to the server or the way to it. */
import { SignpostError } from "../errors.js";
import { within } from "../fetch/within.js";

/** Throws DATABASE_UNAVAILABLE when `answer` takes too long; its later result is ignored. */
export function answerWithin<Answer>(timeoutMs: number, answer: Promise<Answer>): Promise<Answer> {
  return within(timeoutMs, answer, () => {
    throw new SignpostError(
      "DATABASE_UNAVAILABLE",
      `The database did not answer within ${Math.round(timeoutMs)} ms; look for load and locks.`,
    );
  });
}
