/** Whatever goes wrong with a service's Postgres: could not find out. Of a server's own words, which may quote values, nothing is shown. */
import pg from "pg";
import { isSignpostError, SignpostError } from "../errors.js";
import type { DomainSource } from "../registry/domains/domain.js";

/** What the service does about it, where the state tells. */
const ADVICE: Readonly<Record<string, string>> = {
  "28000": "It refused the user; check the user, and that its pg_hba.conf lets us in.",
  "28P01": "It refused the password; remove the source and add it with the right one.",
  "3D000": "The database does not exist there.",
  "42501": "The user may not read the table; `signpost source grants` prints what it needs.",
  "42703": "A mapped column does not exist there any more.",
  "42883": "The label column is no text; make a view that has it as text.",
  "42P01": "The table or view does not exist there any more.",
  "53300": "It has too many connections.",
  "57014": "It took too long; look for load, locks and a missing index (`signpost source test`).",
};

function sourceUnavailable(
  { id, domain }: DomainSource,
  reason: string,
  advice = "Check that it runs and can be reached.",
  cause?: unknown,
): SignpostError<"SOURCE_UNAVAILABLE"> {
  return new SignpostError(
    "SOURCE_UNAVAILABLE",
    `The data source of ${domain} did not answer (${reason}). ${advice}`,
    { source: id, domain, reason },
    { cause },
  );
}

/**
 * Whether the data of one label are at fault, and not the server (classes 21 and 22 of SQLSTATE): an expression of the view cannot be
 * computed of them, or the database's encoding has not all characters of the label.
 */
export function isDataFault(error: unknown): error is SignpostError {
  return isSignpostError(error, "SOURCE_UNAVAILABLE") && isDataError(error.cause);
}

/** The same of what the driver throws. */
export function isDataError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^2[12]/.test(error.code ?? "");
}

/** Untranslatable: the database's encoding has no such character. */
export function isUnknownCharacter(error: unknown): boolean {
  return isSignpostError(error, "SOURCE_UNAVAILABLE") && error.details.reason === "SQLSTATE 22P05";
}

export function sourceError(source: DomainSource, error: unknown): SignpostError {
  if (isSignpostError(error, "SOURCE_UNAVAILABLE")) return error;
  if (isSignpostError(error, "FORBIDDEN_ADDRESS")) {
    return sourceUnavailable(source, "its address is not allowed", error.message, error);
  }
  if (error instanceof pg.DatabaseError) {
    const state = error.code ?? "unknown";
    return sourceUnavailable(source, `SQLSTATE ${state}`, ADVICE[state], error);
  }
  return sourceUnavailable(source, reasonOf(error), undefined, error);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  return /timeout/i.test(error.message) ? "it took too long" : "the connection was lost";
}
