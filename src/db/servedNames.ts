/** How much of an installation depends on one resolver. */
import { nameBehind } from "../registry/domains/aliasDomain.js";
import type { ServedResolver } from "../registry/domains/domain.js";
import { namespacesIn } from "./aliasRow.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";

/** Of the domains that the resolver answers for: how many of them, and of their names, are at or below $1. */
const COUNT = `
  with served as (
    select domain from resolver where chain_id = $2 and address = $3
  )
  select
    (select count(*) from served
     where domain = $1 or right(domain, length($1) + 1) = '.' || $1
       or right($1, length(domain) + 1) = '.' || domain) as domains,
    (select count(*) from name
     where domain in (select domain from served)
       and (name = $1 or right(name, length($1) + 1) = '.' || $1)) as names`;

/** An installation need not have run the registry. */
const HAS_TABLES = `
  select to_regclass('resolver') is not null and to_regclass('name') is not null as has_tables`;

/** Under an alias, the names of its domain count. Null where the resolver answers for no domain that `name` has to do with. Throws DATABASE_UNAVAILABLE. */
export async function countServedNames(
  pool: Pool,
  name: string,
  { chainId, resolver }: Pick<ServedResolver, "chainId" | "resolver">,
): Promise<number | null> {
  const tables = await fromDatabase(pool.query<{ has_tables: boolean }>(HAS_TABLES));
  if (!tables.rows[0]?.has_tables) return null;
  const storedName = nameBehind(name, await namespacesIn(pool));
  const values = [storedName, chainId.toString(), resolver];
  const { rows } = await fromDatabase(
    pool.query<{ domains: string; names: string }>(COUNT, values),
  );
  const [row] = rows;
  return row === undefined || row.domains === "0" ? null : Number(row.names);
}
