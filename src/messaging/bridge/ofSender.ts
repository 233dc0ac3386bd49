/** Why a message waits that other senders' messages to the same receiver need not wait for. */
import { isSignpostError, SignpostError } from "../../errors.js";

export function ofSender(error: SignpostError<"UNREACHABLE">): SignpostError<"UNREACHABLE"> {
  const details = { ...error.details, ofSender: true };
  return new SignpostError("UNREACHABLE", error.message, details, { cause: error });
}

export function isOfSender(error: unknown): error is SignpostError<"UNREACHABLE"> {
  return isSignpostError(error, "UNREACHABLE") && error.details["ofSender"] === true;
}

/** What `work` finds out about the sender alone: also that there is no room for more of that sender's. */
export async function aboutSender<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isSignpostError(error, "UNREACHABLE")) throw ofSender(error);
    if (!isSignpostError(error, "LIMIT_EXCEEDED")) throw error;
    throw ofSender(
      new SignpostError("UNREACHABLE", error.message, error.details, { cause: error }),
    );
  }
}
