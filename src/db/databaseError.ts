/**
 * Tells "the database did not answer" from a defect of ours, for whatever the driver throws.
 *
 * The first is DATABASE_UNAVAILABLE: it may pass by itself, and clients should try the next gateway. The
 * second (a broken constraint, wrong SQL, a string that Postgres cannot store) is INTERNAL: it will not pass.
 */
import pg from "pg";
import { isSignpostError, SignpostError } from "../errors.js";

/** SQLSTATE classes of which every member means that the server could not do it now. */
const UNAVAILABLE_CLASSES = new Set([
  "08", // connection exception
  "28", // user or password refused
  "40", // transaction rollback: serialization failure, deadlock
  "53", // insufficient resources: too many connections, disk full, out of memory
  "57", // operator intervention: shutdown, crash, starting up, statement time-out
  "58", // system error outside Postgres: input and output
]);

const UNAVAILABLE_STATES = new Set([
  "25006", // read-only transaction: a standby, or a primary that was demoted
  "25P03", // idle-in-transaction time-out
  "25P04", // transaction time-out
  "3D000", // the database does not exist
  "55000", // the database takes no connections
  "55006", // object in use: the database is being dropped or copied
  "55P03", // lock not available in time
]);

/** What an operator does about it, where the state tells; the server's own words may quote values. */
const ADVICE: Readonly<Record<string, string>> = {
  "08P01":
    "A connection pooler refused it: behind one, set DATABASE_POOLER=transaction; otherwise look into its log.",
  "25006": "It is read-only, as a standby is: point DATABASE_URL to the primary.",
  "28000": "It refused the user: correct the user in DATABASE_URL.",
  "28P01": "It refused the password: correct it in DATABASE_URL.",
  "3D000": "The database does not exist: create it, or correct its name in DATABASE_URL.",
  "53300": "It has too many connections: raise its max_connections, or run fewer processes.",
  "55000":
    "It takes no connections now: an administrator may be at work on it (`alter database ... allow_connections true` ends that).",
  "57014": "A statement took too long: look for locks and for load.",
};

const POOLER_HINT =
  " Unless a connection pooler is in between: then set DATABASE_POOLER=transaction.";

/** What else a refused statement may mean. */
const HINTS: Readonly<Record<string, string>> = {
  "26000": POOLER_HINT, // a prepared statement is on another connection
  "42P01": " Apply the migrations with this version.",
  "42P05": POOLER_HINT, // a prepared statement of another client is on this one
};

const OUTAGE_ADVICE =
  "Check that Postgres runs and that DATABASE_URL, if it is set, is right; then try again.";

/** insufficient_privilege */
const NO_RIGHT = "42501";

/** The driver's own errors carry no code; these are its sentences about a connection, not about our use of it. */
const CONNECTION_MESSAGE =
  /^(Connection terminated|Client (was closed|has encountered)|timeout e|Query read timeout|Cannot use a pool after|The server does not support SSL|There was an error establishing an SSL|SASL|Received unexpected)/;

/** `error` as a SignpostError: itself, or DATABASE_UNAVAILABLE, or INTERNAL. Never carries a value of a query. */
export function databaseError(error: unknown): SignpostError {
  if (error instanceof SignpostError) return error;
  const facts = factsOf(error);
  const options = { cause: error };
  if (facts.sqlState === NO_RIGHT) {
    return new SignpostError(
      "INVALID_CONFIGURATION",
      `The user of DATABASE_URL lacks a right${whereOf(error)}. To make its tables, it needs a schema of its own (\`create schema <schema> authorization <user>\`), or the right to make tables in one (\`grant create on schema <schema> to <user>\`, since Postgres 15 also in public); where another user has made them, it needs the rights that docs/operations/one-machine.md names.`,
      facts,
      options,
    );
  }
  if (!isUnavailable(error)) {
    const hint = HINTS[facts.sqlState ?? ""] ?? "";
    return new SignpostError(
      "INTERNAL",
      `The database refused a statement (${facts.reason}); this is a defect, please report it.${hint}`,
      facts,
      options,
    );
  }
  return new SignpostError(
    "DATABASE_UNAVAILABLE",
    `The database did not answer (${facts.reason}). ${ADVICE[facts.sqlState ?? ""] ?? OUTAGE_ADVICE}`,
    facts,
    options,
  );
}

/** Waits for an answer of the driver and throws every failure as a SignpostError. */
export async function fromDatabase<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw databaseError(error);
  }
}

/**
 * Whether `error` is the violation of a foreign key: a row that it refers to does not exist, or one refers to it; the
 * latter has a state of its own where the key says `on delete restrict`.
 */
export function isMissingReference(error: unknown): boolean {
  return hasState(error, "23503") || hasState(error, "23001");
}

/** Whether `error` is the violation of a unique index: there is such a row already. */
export function isDuplicate(error: unknown): boolean {
  return hasState(error, "23505");
}

/** Whether a statement waited for a lock for longer than it may. */
export function isLockTimeout(error: unknown): boolean {
  return hasState(error, "55P03");
}

/** Whether the database user lacks a right. */
export function isNoRight(error: unknown): boolean {
  return hasState(error, NO_RIGHT);
}

/** On what; only the name of a thing, and nothing where the server speaks another language than English. */
function whereOf(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  const [, what] =
    /^permission denied for ((?:database|schema|table|view|sequence) \S+)$/.exec(message) ?? [];
  return what === undefined ? "" : ` on the ${what}`;
}

function hasState(error: unknown, sqlState: string): boolean {
  return isSignpostError(error) && error.details["sqlState"] === sqlState;
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) {
    const state = error.code ?? "";
    return UNAVAILABLE_CLASSES.has(state.slice(0, 2)) || UNAVAILABLE_STATES.has(state);
  }
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) {
    return false;
  }
  // Node's network and TLS errors (ECONNREFUSED, ENOENT for a socket, CERT_HAS_EXPIRED) all carry a code
  return codeOf(error) !== undefined || CONNECTION_MESSAGE.test(error.message);
}

/** What may be shown: codes and the driver's fixed sentences, never a server's message, which quotes values. */
function factsOf(error: unknown): { readonly reason: string; readonly sqlState?: string } {
  if (error instanceof pg.DatabaseError) {
    const sqlState = error.code ?? "unknown";
    const about = error.constraint === undefined ? "" : `, constraint ${error.constraint}`;
    return { reason: `SQLSTATE ${sqlState}${about}`, sqlState };
  }
  if (!(error instanceof Error)) return { reason: "unknown" };
  const code = codeOf(error);
  if (code !== undefined) return { reason: code };
  return { reason: CONNECTION_MESSAGE.test(error.message) ? error.message : error.name };
}

function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
