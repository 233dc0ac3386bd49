/**
 * Behind a pooler such as pgbouncer in transaction mode, two statements of one connection of ours may run on two
 * connections to Postgres. So nothing may be left on a connection that a later statement counts on: no statement
 * prepared under a name, and no setting of the session. Transactions, and locks that end with them, are as ever.
 */
import type pg from "pg";
import { SignpostError } from "../errors.js";

/** Lets every statement of a connection be prepared anew, whatever name it has. */
export function forgetStatementNames(client: pg.ClientBase): void {
  const query = client.query.bind(client) as (statement: unknown, ...rest: unknown[]) => unknown;
  const unnamed = (statement: unknown, ...rest: unknown[]) =>
    query(withoutName(statement), ...rest);
  Object.assign(client, { query: unnamed });
}

/**
 * Throws INVALID_CONFIGURATION when a connection URL sets something for the session: a pooler refuses it or, worse,
 * ignores it, and then the tables are looked for in another schema.
 */
export function assertNoOptions(url: string): void {
  const [, query] = url.split("?", 2);
  if (!new URLSearchParams(query).has("options")) return;
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    "Behind a pooler in transaction mode the database URL cannot carry `options`. Take them out, and set them for the user in Postgres instead, e.g. `alter role signpost set search_path = signpost`.",
  );
}

function withoutName(statement: unknown): unknown {
  if (typeof statement !== "object" || statement === null || !("name" in statement)) {
    return statement;
  }
  return { ...statement, name: undefined };
}
