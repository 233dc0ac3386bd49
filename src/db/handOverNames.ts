/** What a domain holds, or held until now, is handed over: every name says the domain that holds it. */
import { SignpostError } from "../errors.js";
import type { Domain } from "../registry/domains/domain.js";
import type { HandOverName } from "../registry/history/lockedName.js";
import { nodeOf } from "./bytea.js";
import {
  changeInTurns,
  changePlaces,
  type NamedRow,
  type NamesHandedOver,
} from "./changePlaces.js";
import { domainsHolding } from "./domainRow.js";
import type { Connection } from "./transaction.js";

/** In the order of the nodes, in which everybody locks names. */
const NAMES = `
  select node, name, domain, held from name
  where domain = $1 or name = $1 or right(name, length($1) + 1) = '.' || $1
  order by node`;

/**
 * Those below `domain`, and those that say it. Throws INVALID_REQUEST for a name that nothing holds, or without
 * `handOver` where there is something to do.
 *
 * @param without a domain that is about to go
 */
export function handOverNames(
  connection: Connection,
  domain: string,
  handOver: HandOverName | undefined,
  without: string | null = null,
): Promise<NamesHandedOver> {
  return changeInTurns(connection, NAMES, domain, async (fetched) => {
    const among = fetched.map(({ name }) => name);
    const holding = await domainsHolding(connection, among, without);
    const rows = fetched.filter((row) => row.domain !== holding.get(row.name)?.name);
    if (rows.length > 0 && handOver === undefined) throw hasNames(domain);
    if (rows.length > 0 && handOver) await handOverSome(connection, rows, holding, handOver);
    return rows;
  });
}

async function handOverSome(
  connection: Connection,
  rows: readonly NamedRow[],
  holding: ReadonlyMap<string, Domain>,
  handOver: HandOverName,
): Promise<void> {
  const places = rows.map(({ node, name, domain }) => {
    const to = holding.get(name);
    if (!to) throw hasNames(domain);
    return { node: nodeOf(node), name, domain: to };
  });
  await changePlaces(connection, places, handOver);
}

function hasNames(domain: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The domain ${domain} has names, which would be lost; its service deletes them first (GET /v1/names lists them; a batch of {name, delete: true} deletes them), or \`signpost domain remove --with-names\` takes them away after an export, or \`signpost domain disconnect\` keeps a resolver from answering for it.`,
    { domain },
  );
}
