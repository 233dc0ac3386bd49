/** A row of the table domain_alias. */
import { SignpostError } from "../errors.js";
import {
  type AliasDomain,
  type Namespaces,
  namespacesOf,
} from "../registry/domains/aliasDomain.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";
import type { Connection } from "./transaction.js";

const DOMAIN_NAMES = "select name from domain";
const ALIASES = "select alias, domain from domain_alias";
/** An earlier version has no aliases. */
const HAS_ALIASES = "select to_regclass('domain_alias') is not null as has_aliases";

/** Of a database of this version, or of an earlier one. */
export async function namespacesIn(pool: Pool): Promise<Namespaces> {
  const there = await fromDatabase(pool.query<{ has_aliases: boolean }>(HAS_ALIASES));
  if (!there.rows[0]?.has_aliases) return namespacesOf([], []);
  const { rows: domains } = await fromDatabase(pool.query<{ name: string }>(DOMAIN_NAMES));
  const { rows: aliases } = await fromDatabase(pool.query<AliasDomain>(ALIASES));
  return namespacesOf(
    domains.map(({ name }) => name),
    aliases,
  );
}

/** Null where it is no alias. */
export async function domainOfAlias(connection: Connection, name: string): Promise<string | null> {
  const text = "select domain from domain_alias where alias = $1";
  const { rows } = await fromDatabase(connection.query<{ domain: string }>(text, [name]));
  return rows[0]?.domain ?? null;
}

export function isAlias(alias: string, domain: string): SignpostError {
  return new SignpostError(
    "NAME_TAKEN",
    `${alias} is an alias of the domain ${domain}. \`signpost domain alias remove ${alias}\` gives it free.`,
    { name: alias },
  );
}
