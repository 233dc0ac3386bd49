/** What a domain holds, or held until now, is handed over: every name says the domain that holds it. */
import { toHex } from "../abi/hex.js";
import type { NormalName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import type { Domain } from "../registry/domains/domain.js";
import { MOST_EXAMPLES } from "../registry/domains/handOver.js";
import type { HandOverName } from "../registry/history/lockedName.js";
import { nodeOf } from "./bytea.js";
import type { Item } from "./changedItems.js";
import { fromDatabase } from "./databaseError.js";
import { domainsHolding } from "./domainRow.js";
import { changeSome } from "./nameChanges.js";
import type { Connection } from "./transaction.js";

/** All names are looked at once: of ten million that takes some seconds. */
const PATIENCE_MS = 10 * 60_000;
const AT_ONCE = 100;

/** In the order of the nodes, in which everybody locks names. */
const NAMES = `declare names_to_hand_over no scroll cursor for
  select node, name, domain, held from name
  where domain = $1 or name = $1 or right(name, length($1) + 1) = '.' || $1
  order by node`;

interface Row {
  readonly node: Buffer;
  readonly name: NormalName;
  readonly domain: string;
  readonly held: boolean;
}

export interface NamesHandedOver {
  readonly names: number;
  readonly heldNames: number;
  readonly heldExamples: readonly string[];
}

/**
 * Those below `domain`, and those that say it. Throws INVALID_REQUEST for a name that nothing holds, or without
 * `handOver` where there is something to do.
 *
 * @param without a domain that is about to go
 */
export async function handOverNames(
  connection: Connection,
  domain: string,
  handOver: HandOverName | undefined,
  without: string | null = null,
): Promise<NamesHandedOver> {
  await patiently(connection, `set local statement_timeout = ${PATIENCE_MS}`);
  await patiently(connection, NAMES, [domain]);
  let [names, heldNames] = [0, 0];
  const heldExamples: string[] = [];
  for (;;) {
    const fetched = await patiently(connection, `fetch ${AT_ONCE} from names_to_hand_over`);
    if (fetched.length === 0) break;
    const among = fetched.map(({ name }) => name);
    const holding = await domainsHolding(connection, among, without);
    const rows = fetched.filter((row) => row.domain !== holding.get(row.name)?.name);
    if (rows.length > 0 && handOver === undefined) throw hasNames(domain);
    if (rows.length > 0 && handOver) await handOverSome(connection, rows, holding, handOver);
    names += rows.length;
    const held = rows.filter((row) => row.held);
    heldNames += held.length;
    heldExamples.push(
      ...held.slice(0, MOST_EXAMPLES - heldExamples.length).map(({ name }) => name),
    );
  }
  await patiently(connection, "close names_to_hand_over");
  return { names, heldNames, heldExamples };
}

async function handOverSome(
  connection: Connection,
  rows: readonly Row[],
  holding: ReadonlyMap<string, Domain>,
  handOver: HandOverName,
): Promise<void> {
  const places = rows.map(({ node, name, domain }) => {
    const to = holding.get(name);
    if (!to) throw hasNames(domain);
    return { node: nodeOf(node), name, domain: to };
  });
  const items = places.map(({ node }, index): Item => ({
    target: { node },
    index,
    key: toHex(node),
  }));
  await changeSome(connection, items, (known, index) => {
    const place = places[index];
    return place ? handOver(known, place) : null;
  });
}

function hasNames(domain: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The domain ${domain} has names, which would be lost; its service deletes them first (GET /v1/names lists them; a batch of {name, delete: true} deletes them), or \`signpost domain disconnect\` keeps a resolver from answering for it.`,
    { domain },
  );
}

async function patiently(
  connection: Connection,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const question = { text, values: [...values], query_timeout: PATIENCE_MS };
  return (await fromDatabase(connection.query<Row>(question))).rows;
}
