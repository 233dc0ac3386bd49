/** Pages of the messaging gateways and bridges that are registered here, in the order of their names' bytes ("C"). */
import type { ListedNetwork, NetworkPage, OwnPage, Page } from "../registry/store.js";
import { fromDatabase } from "./databaseError.js";
import { IS_HELD_BELOW } from "./domainRow.js";
import { pageOfRows } from "./pageOfRows.js";
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

export const NETWORKS_OF_DOMAIN = `
  select n.name, n.domain, n.texts ->> 'network.dm3.network' as record from name n
  where n.domain = $1 and n.texts ? 'network.dm3.network' and n.suspended_at is null
    and n.name collate "C" > $2 and not ${IS_HELD_BELOW}
  order by n.name collate "C" limit $3`;

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
  return pageOf(rows, limit);
}

export async function networksOfDomain(
  pool: Pool,
  domain: string,
  { after, limit }: OwnPage,
): Promise<Page<ListedNetwork>> {
  const values = [domain, after, limit + 1];
  return pageOf(
    (await fromDatabase(pool.query<ListedNetwork>(NETWORKS_OF_DOMAIN, values))).rows,
    limit,
  );
}

function pageOf(rows: readonly ListedNetwork[], limit: number): Page<ListedNetwork> {
  return pageOfRows(
    rows,
    limit,
    (row) => row,
    ({ name }) => name,
  );
}
