/**
 * Who holds a name must not change while the name does. Each change holds its domain shared, until it ends; who takes
 * names from a domain, by one that is added below it or by its removal, holds that alone. Advisory locks, because a lock
 * on the domain's row would write that row with every change of a name.
 */
import { fromDatabase } from "./databaseError.js";
import type { Connection } from "./transaction.js";

/** In the schema that the tables are in: others may share the database. */
const key = (parameter: string) =>
  `hashtextextended('domain ' || current_schema() || ' ' || ${parameter}, 0)`;

const SHARE = {
  name: "share-domain",
  text: `select pg_advisory_xact_lock_shared(${key("$1")})`,
};
const OWN = { name: "own-domain", text: `select pg_advisory_xact_lock(${key("$1")})` };

/** Of no domain: admins add and remove one after the other. */
const ADMIN = "";

/** Before any lock of a name. */
export async function shareDomains(
  connection: Connection,
  domains: readonly string[],
): Promise<void> {
  for (const domain of [...new Set(domains)].sort()) {
    await fromDatabase(connection.query({ ...SHARE, values: [domain] }));
  }
}

/** Waits until nobody shares it, and keeps others from it. */
export async function ownDomain(connection: Connection, domain: string): Promise<void> {
  await fromDatabase(connection.query({ ...OWN, values: [domain] }));
}

export async function lockOutOtherAdmins(connection: Connection): Promise<void> {
  await ownDomain(connection, ADMIN);
}
