/** Pages of the messaging gateways and bridges that are registered here, in the order of their names' bytes ("C"). */
import type { ListedNetwork, NetworkPage, Page } from "../registry/store.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";

/** Word for word that of migration 0021, so that its indexes are used. */
const NATIVE_DOMAIN = `substring(texts ->> 'network.dm3.network' from '"nativeDomain":"([^"]*)"')`;

/** Suspended names are answered like absent ones. */
const IS_LISTED = "texts ? 'network.dm3.network' and suspended_at is null";

const FIRST = `select name, domain, texts ->> 'network.dm3.network' as record from name
  where ${IS_LISTED} and name collate "C" > $1`;
const IN_ORDER = `order by name collate "C" limit $2`;

/** Exported for the test that looks at their plans. */
export const NETWORKS = `${FIRST} ${IN_ORDER}`;
export const NETWORKS_OF_NATIVE_DOMAIN = `${FIRST} and ${NATIVE_DOMAIN} = $3 ${IN_ORDER}`;

export async function networkList(
  pool: Pool,
  { after, limit, nativeDomain }: NetworkPage,
): Promise<Page<ListedNetwork>> {
  const values = [after, limit + 1];
  const { rows } = await fromDatabase(
    nativeDomain === null
      ? pool.query<ListedNetwork>(NETWORKS, values)
      : pool.query<ListedNetwork>(NETWORKS_OF_NATIVE_DOMAIN, [...values, nativeDomain]),
  );
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items.at(-1)?.name ?? null) : null };
}
