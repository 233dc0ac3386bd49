/** What the gateway reads: the records of a name, and which resolver answers for which domains. */
import type { Node } from "../ens/namehash.js";
import type { RecordSource } from "../registry/store.js";
import { batchedLookup, textOfKey } from "./batchedLookup.js";
import { fromDatabase } from "./databaseError.js";
import { RECORD_COLUMNS, type RecordColumns, recordsOfRow } from "./nameRow.js";
import type { Pool } from "./pool.js";
import { resolverOfRow, type ResolverRow, servingOfRows, type ServingRow } from "./resolverRow.js";
import { standings } from "./standing.js";
import { ownersOfTwins } from "./twins.js";

/** Exported for the test that looks at its plan. Index reads of the primary key. Prepared once per connection, whatever the number of nodes. */
export const RECORDS_OF_NODES = {
  name: "records-of-nodes",
  text: `select node, version, ${RECORD_COLUMNS.join(", ")} from name
         where node = any($1::bytea[]) and suspended_at is null`,
};

const SERVED_RESOLVERS = "select chain_id, address, domain from resolver order by 1, 2, 3";

/** One statement, so that all of it is of one moment. */
const SERVING = `
  select r.chain_id, r.address, d.name as domain, null as alias, null::bigint as source
  from domain d left join resolver r on r.domain = d.name
  union all
  select null, null, domain, alias, null from domain_alias
  union all
  select null, null, domain, null, id from source
  order by 1, 2, 3, 4, 5`;

interface RecordRow extends RecordColumns {
  readonly node: Buffer;
  /** A bigint, which the driver returns as text. */
  readonly version: string;
}

export function recordSource(pool: Pool): RecordSource {
  const rowOf = batchedLookup((nodes) => readRows(pool, nodes));
  return {
    recordsOf: async (node) => {
      const row = await rowOf(node);
      return row && { records: recordsOfRow(row), version: row.version };
    },
    standingOf: standings(pool),
    ownersOfTwins: (twinned) => ownersOfTwins(pool, twinned),
    servedResolvers: async () => {
      const { rows } = await fromDatabase(pool.query<ResolverRow>(SERVED_RESOLVERS));
      return rows.map(resolverOfRow);
    },
    serving: async () => servingOfRows((await fromDatabase(pool.query<ServingRow>(SERVING))).rows),
  };
}

async function readRows(
  pool: Pool,
  nodes: readonly Node[],
): Promise<ReadonlyMap<string, RecordRow>> {
  const question = { ...RECORDS_OF_NODES, values: [nodes] };
  const { rows } = await fromDatabase(pool.query<RecordRow>(question));
  const byNode = new Map<string, RecordRow>();
  for (const row of rows) byNode.set(textOfKey(row.node), row);
  return byNode;
}
