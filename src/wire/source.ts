/** A domain's data source, and what is wrong with its rows. */
import {
  type Infer,
  integer,
  list,
  nullable,
  number,
  object,
  oneOf,
  record,
  text,
} from "./shape.js";

/** Without a user's name, a password or a key. */
const source = object({
  kind: oneOf("postgres", "http"),
  /** The server: a host name, or the origin of the endpoint. */
  host: text,
  /** The table or view with its schema; null for an endpoint. */
  table: nullable(text),
  /** How long a row may be answered with without asking again. */
  freshSec: number,
  /** Unix time in milliseconds; null where it was not looked at as a whole yet, as an endpoint never is. */
  scannedAtMs: nullable(number),
  /** How many rows have a problem, by its kind. */
  problems: record(integer),
});

export const sourceSchema = object({ source: nullable(source) });

const problem = object({
  /** The name, or a label that is none. */
  name: text,
  /** twins, tooLarge, malformed, wallet, profile, records, earlierProfile, givenUp, label; later services may have more. */
  kind: text,
  /** A sentence about this row. */
  detail: text,
  /** Unix time in milliseconds. */
  firstSeenMs: number,
  lastSeenMs: number,
});

export const sourceProblemsPageSchema = object({
  problems: list(problem),
  /** Goes into `after`. */
  next: nullable(text),
});

export type SourceAnswer = NonNullable<Infer<typeof sourceSchema>["source"]>;
export type SourceProblemAnswer = Infer<typeof problem>;
