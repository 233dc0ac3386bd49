import { SignpostError } from "../errors.js";

/** What was thrown, as an app is told of it: whatever is no error of ours is a defect. */
export function asSignpostError(thrown: unknown, what: string): SignpostError {
  if (thrown instanceof SignpostError) return thrown;
  const sentence = `${what} because of a defect, here or in the store that was given.`;
  return new SignpostError("INTERNAL", sentence, {}, { cause: thrown });
}
