/** A domain's names for its export, where it is said which ones: found by their nodes, among those that are there and those that are gone. */
import type { Node } from "../../ens/namehash.js";
import type { NamedFacts } from "../../transfer/exportPort.js";
import { nodeOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import { IS_HELD_BELOW } from "../domainRow.js";
import { NAME_COLUMNS } from "../nameRow.js";
import type { Pool } from "../pool.js";
import { SIGNATURE_STATE_COLUMNS } from "../signatureStateRow.js";
import { type ExportRow, factsOf } from "./exportItems.js";

/** Of a name `n.name`: at or below $1, and no domain below $1 holds it. */
const IS_OF_DOMAIN = `(n.name = $1 or right(n.name, length($1) + 1) = '.' || $1) and not ${IS_HELD_BELOW}`;

/** Of the nodes $2, those of the domain $1 that are gone: the history of each says its name, or what came with an import or a source. */
const GONE = `
  select n.node, n.name from (
    select h.node, f.entry ->> 'name' as name from name_head h
    join name_history f on f.node = h.node and f.number = 1
    where h.node = any($2::bytea[]) and h.number > 0
      and not exists (select from name where name.node = h.node)
  ) n
  where ${IS_OF_DOMAIN}
  union all
  select n.node, n.name from (
    select node, name from imported_node where node = any($2::bytea[])
    union
    select node, name from source_name join source on source.id = source_name.source
    where domain = $1 and node = any($2::bytea[])
  ) n
  where ${IS_OF_DOMAIN}
    and not exists (select from name where name.node = n.node)
    and not exists (select from name_head h where h.node = n.node and h.number > 0)
    and (
      exists (select from source_served s where s.node = n.node)
      or exists (select from source_retired r where r.node = n.node)
    )`;

const fingerprints = (table: string) =>
  `array(select r.profile_fingerprint from ${table} r where r.node = x.node)`;

const FACTS = {
  name: "exported-names",
  text: `
    select x.node as its_node, x.name as its_name,
      ${NAME_COLUMNS.map((column) => `n.${column}`).join(", ")},
      h.number as end_number, h.hash as end_hash,
      ${SIGNATURE_STATE_COLUMNS.split(", ")
        .map((column) => `h.${column}`)
        .join(", ")},
      ${fingerprints("retired_profile")} as retired, ${fingerprints("source_retired")} as served_before,
      s.row_digest, s.profile_fingerprint as served
    from (
      select node, name from name where node = any($2::bytea[]) and domain = $1
      union all ${GONE}
    ) x
    left join name n on n.node = x.node
    left join name_head h on h.node = x.node and h.number > 0
    left join source_served s on s.node = x.node`,
};

const GONE_NODES = { name: "gone-names", text: `select node from (${GONE}) gone order by node` };

/** In any order; none of a node that is no name of the domain. */
export async function exportedNames(
  pool: Pool,
  domain: string,
  nodes: readonly Node[],
): Promise<readonly NamedFacts[]> {
  const { rows } = await fromDatabase(pool.query<ExportRow>({ ...FACTS, values: [domain, nodes] }));
  return rows.map((row) => ({ node: nodeOf(row.its_node), facts: factsOf(row) }));
}

/** Which of those nodes are names of the domain that are gone, in their order. */
export async function goneAmong(
  pool: Pool,
  domain: string,
  nodes: readonly Node[],
): Promise<readonly Node[]> {
  const question = { ...GONE_NODES, values: [domain, nodes] };
  const { rows } = await fromDatabase(pool.query<{ node: Buffer }>(question));
  return rows.map(({ node }) => nodeOf(node));
}
