import { isSignpostError, type SignpostError } from "../../../errors.js";

/** What the work gives back, or why it is refused; a fault of ours is thrown. */
export function refusalOr<Value>(work: () => Value): Value | SignpostError {
  try {
    return work();
  } catch (error) {
    if (isSignpostError(error) && error.code !== "INTERNAL") return error;
    throw error;
  }
}
