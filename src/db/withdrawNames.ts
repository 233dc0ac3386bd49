/** Names that go with their domain. Histories and marks stay, so that no old profile comes back when the names do. */
import type { HandOverName } from "../registry/history/lockedName.js";
import { nodeOf } from "./bytea.js";
import { changeInTurns, changePlaces, type NamesHandedOver } from "./changePlaces.js";
import { domainsHolding } from "./domainRow.js";
import type { Connection } from "./transaction.js";

/** In the order of the nodes, in which everybody locks names. */
const NAMES = "select node, name, domain, held from name where domain = $1 order by node";

export async function withdrawNames(
  connection: Connection,
  domain: string,
  withdraw: HandOverName,
): Promise<NamesHandedOver> {
  const its = (await domainsHolding(connection, [domain])).get(domain);
  return changeInTurns(connection, NAMES, domain, async (rows) => {
    if (!its) return [];
    const places = rows.map(({ node, name }) => ({ node: nodeOf(node), name, domain: its }));
    await changePlaces(connection, places, withdraw);
    return rows;
  });
}
