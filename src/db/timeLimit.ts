/** A bound on how long an answer of the database is waited for, whatever happens to the server or the way to it. */
import { SignpostError } from "../errors.js";

/** Throws DATABASE_UNAVAILABLE when `answer` takes too long; what it comes to later is nobody's business. */
export async function within<Answer>(timeoutMs: number, answer: Promise<Answer>): Promise<Answer> {
  const tooLate = new SignpostError(
    "DATABASE_UNAVAILABLE",
    `The database did not answer within ${Math.round(timeoutMs)} ms; look for load and locks.`,
  );
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(tooLate);
    }, timeoutMs);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}
