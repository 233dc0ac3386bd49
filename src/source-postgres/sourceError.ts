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
