/** Errors of others that pass by themselves, so that a mail server is told to come again. */
import { isSignpostError } from "../errors.js";

export function isPassing(error: unknown): boolean {
  return isSignpostError(
    error,
    "UNREACHABLE",
    "DATABASE_UNAVAILABLE",
    "OVERLOADED",
    "LIMIT_EXCEEDED",
  );
}
