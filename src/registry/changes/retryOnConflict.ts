/** A change that rests on what was read before it, tried again while others write in between. */
import { isSignpostError, SignpostError } from "../../errors.js";

/** dm3's clients send a profile once for each of their servers, all at the same time. */
const MOST_ATTEMPTS = 10;

/**
 * @param attempt reads the names, and changes them with the version that it read as `expected`; gets its number, from 1
 * @throws LIMIT_EXCEEDED when every attempt met a VERSION_CONFLICT, and what else the attempt throws
 */
export async function retryOnConflict<T>(attempt: (number: number) => Promise<T>): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      if (!isSignpostError(error, "VERSION_CONFLICT")) throw error;
      if (number === MOST_ATTEMPTS) throw busy(error);
    }
  }
}

function busy(cause: SignpostError): SignpostError {
  return new SignpostError(
    "LIMIT_EXCEEDED",
    `Others kept changing the name at the same time: ${MOST_ATTEMPTS} attempts failed, and nothing was changed. Send the request again in a second.`,
    { retryAfterSec: 1 },
    { cause },
  );
}
