/**
 * What each transaction at a service's Postgres is held to: it only reads, it takes so long at most, and bytes come in hex, whatever the
 * role's defaults are. Told once, when a connection begins; a pooler such as pgbouncer refuses that or forgets it in silence, and is
 * then told with each transaction.
 */
import pg from "pg";

/** For the start of a connection. */
export function startupOptions(longestMs: number): string {
  return `-c default_transaction_read_only=on -c statement_timeout=${longestMs} -c bytea_output=hex`;
}

/** Asks whether `startupOptions` hold there; $1 is `longestMs`. */
export const ARE_BOUND = `
  select current_setting('default_transaction_read_only') = 'on' and current_setting('bytea_output') = 'hex'
    and extract(epoch from current_setting('statement_timeout')::interval) * 1000 = $1::integer`;

/** Begins a transaction that is held to the same; `COMMIT` ends it. */
export function boundTransaction(longestMs: number): string {
  return `begin read only; set local statement_timeout = ${longestMs}; set local bytea_output = 'hex'`;
}
export const COMMIT = "commit";

/** A pooler's way to refuse an option at the start: protocol_violation. */
export function areOptionsRefused(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "08P01";
}
