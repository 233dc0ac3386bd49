/**
 * A domain's names for its export, with all that outlives them and their histories, in the order of their bytes: one
 * cursor over rows, of which each has an entry; the first of a name has the name as well.
 */
import { isBehind } from "../../transfer/form/nameOrder.js";
import { IS_HELD_BELOW } from "../domainRow.js";
import { NAME_COLUMNS } from "../nameRow.js";
import { SIGNATURE_STATE_COLUMNS } from "../signatureStateRow.js";
import type { Connection } from "../transaction.js";
import { askSnapshot } from "./snapshot.js";

/** Rows that are asked for at a time, while as many are used: of the largest names, both are 100 MB. */
const AT_ONCE = 100;

/** Of a name `n.name`: at or below $1, and no domain below $1 holds it. */
const IS_OF_DOMAIN = `(n.name = $1 or right(n.name, length($1) + 1) = '.' || $1) and not ${IS_HELD_BELOW}`;

const isFirst = "(e.number is null or e.number = 1)";
const once = (column: string) => `case when ${isFirst} then ${column} end`;

/** Of which names a query tells: the node and name of each, and where they come from. */
interface Told {
  readonly node: string;
  readonly name: string;
  readonly from: string;
}

/** Behind $2, in bytes. Names say their domain, so those go by the index, in its order. */
const THERE: Told = {
  node: "n.node",
  name: `n.name collate "C"`,
  from: `(select * from name n where domain = $1 and ($2::text is null or name collate "C" > $2)) n`,
};

/** Those that are gone: the history of each says its name, or what came with an import or is known of a source. */
const GONE: Told = {
  node: "x.node",
  name: "x.name",
  from: `(
    select n.node, n.name collate "C" as name from (
      select h.node, f.entry ->> 'name' as name
      from (select node from name_head h where number > 0 and not exists (select from name where node = h.node) offset 0) h
      join name_history f on f.node = h.node and f.number = 1
    ) n
    where ${IS_OF_DOMAIN} and ($2::text is null or n.name collate "C" > $2)
    union all
    select n.node, n.name collate "C" from (
      select node, name from imported_node
      union
      select node, name from source_name join source on source.id = source_name.source where domain = $1
    ) n
    where ${IS_OF_DOMAIN} and ($2::text is null or n.name collate "C" > $2)
      and not exists (select from name where node = n.node)
      and not exists (select from name_head where node = n.node and number > 0)
      and (
        exists (select from source_served where node = n.node)
        or exists (select from source_retired where node = n.node)
      )
  ) x left join name n on false`,
};

/** Most installations have none: then it is asked once, and not for each name. */
const hasAny = (table: string) => `(select exists (select from ${table}))`;
const fingerprints = (table: string, node: string) =>
  `case when ${isFirst} and ${hasAny(table)} then
     array(select r.profile_fingerprint from ${table} r where r.node = ${node})
   when ${isFirst} then '{}' end`;

const rowsOf = ({ node, name, from }: Told, cursor: string, withEntries: boolean) => `
  declare ${cursor} no scroll cursor for
  select ${node} as its_node, ${name} as its_name, ${isFirst} as is_first,
    ${NAME_COLUMNS.map((column) => `${once(`n.${column}`)} as ${column}`).join(", ")},
    h.number as end_number, h.hash as end_hash,
    ${SIGNATURE_STATE_COLUMNS.split(", ")
      .map((column) => `h.${column}`)
      .join(", ")},
    ${fingerprints("retired_profile", node)} as retired,
    ${fingerprints("source_retired", node)} as served_before,
    s.row_digest, s.profile_fingerprint as served,
    e.number as entry_number, e.entry, e.hash as entry_hash
  from ${from}
  left join name_head h on h.node = ${node} and h.number > 0
  left join source_served s on s.node = ${node} and ${hasAny("source_served")}
  left join ${
    withEntries
      ? "name_history e"
      : "(select null::bytea as node, null::integer as number, null::jsonb as entry, null::bytea as hash limit 0) e"
  } on e.node = ${node}
  order by ${name}, e.number`;

/** By the index of names, and what belongs to each looked up in that order. Else all of it would be sorted. */
const IN_ORDER = `select ${["hashjoin", "mergejoin", "bitmapscan", "sort"]
  .map((way) => `set_config('enable_${way}', 'off', true)`)
  .join(", ")}`;

interface Named {
  readonly its_name: string;
}

/**
 * Rows as the driver reads them, some hundred at a time; while they are used, the server makes the next ones.
 * @param after the name behind which they begin; null: with the first
 * @param format how the driver gives a row
 */
export async function* exportRows<Row extends Named>(
  connection: Connection,
  domain: string,
  after: string | null,
  withEntries: boolean,
  format: object = {},
): AsyncGenerator<readonly Row[]> {
  await askSnapshot(connection, "set local jit = off");
  await askSnapshot(connection, rowsOf(GONE, "gone", withEntries), [domain, after]);
  await askSnapshot(connection, IN_ORDER);
  await askSnapshot(connection, rowsOf(THERE, "there", withEntries), [domain, after]);
  try {
    yield* merged<Row>(fetched(connection, "there", format), fetched(connection, "gone", format));
  } finally {
    // of a transaction that failed they are closed already
    await askSnapshot(connection, "close there").catch(() => undefined);
    await askSnapshot(connection, "close gone").catch(() => undefined);
  }
}

async function* fetched<Row extends Named>(
  connection: Connection,
  cursor: string,
  format: object,
): AsyncGenerator<readonly Row[]> {
  const ask = () => {
    const rows = askSnapshot<Row>(connection, `fetch ${AT_ONCE} from ${cursor}`, [], format);
    // a failure is told when its turn comes
    rows.catch(() => undefined);
    return rows;
  };
  let next = ask();
  for (;;) {
    const rows = await next;
    if (rows.length === AT_ONCE) next = ask();
    if (rows.length > 0) yield rows;
    if (rows.length < AT_ONCE) return;
  }
}

async function nextOf<Row>(some: AsyncGenerator<readonly Row[]>): Promise<readonly Row[]> {
  const next = await some.next();
  return next.done === true ? [] : next.value;
}

/** Two that are in order, as one: mostly all of `few` is read at once. */
async function* merged<Row extends Named>(
  many: AsyncGenerator<readonly Row[]>,
  few: AsyncGenerator<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let others: readonly Row[] = await nextOf(few);
  for await (const rows of many) {
    let rest = rows;
    for (;;) {
      const [first] = others;
      // rows of one name stand together
      const at = first
        ? rest.findIndex(({ its_name: name }) => isBehind(name, first.its_name))
        : -1;
      if (first === undefined || at === -1) break;
      if (at > 0) yield rest.slice(0, at);
      rest = rest.slice(at);
      const [before] = rest;
      const end = others.findIndex(
        ({ its_name: name }) => before && isBehind(name, before.its_name),
      );
      yield end === -1 ? others : others.slice(0, end);
      others = end === -1 ? await nextOf(few) : others.slice(end);
    }
    if (rest.length > 0) yield rest;
  }
  while (others.length > 0) {
    yield others;
    others = await nextOf(few);
  }
}
