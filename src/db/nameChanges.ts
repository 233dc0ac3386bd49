/**
 * Changing names: lock, read, ask, write, all of it in one transaction, some names at a time.
 *
 * The lock of a name is its row in `name_head`, which is there before the name and after it. Advisory locks would not
 * do: the server keeps them in shared memory, which the ten thousand of a batch would exhaust.
 */
import { type Hex, toHex } from "../abi/hex.js";
import { SignpostError } from "../errors.js";
import type {
  HistoryEnd,
  KnownName,
  NameChange,
  NameStore,
  NameTarget,
  VersionedName,
} from "../registry/store.js";
import { fromDatabase } from "./databaseError.js";
import {
  NAME_COLUMNS,
  NAME_ROW_TYPE,
  VERSIONED_COLUMNS,
  type VersionedRow,
  byteaText,
  plainBytes,
  rowOfName,
  versionedNameOfRow,
} from "./nameRow.js";
import { MARK_COLUMNS, type MarkRow, marksOfRow, rowOfMarks } from "./markRow.js";
import type { Pool } from "./pool.js";
import { type Connection, inTransaction } from "./transaction.js";

/** What is locked, decided and written at a time: bounds the statements, and how long the rules hold up the process. */
const AT_ONCE = 100;

/** In the order of the nodes, which is the same for everybody, so that two batches never wait for each other. */
const LOCK = {
  name: "lock-names",
  text: `insert into name_head (node) select node from unnest($1::bytea[]) as node
         on conflict (node) do update set node = excluded.node
         returning node, number, hash, after, ${MARK_COLUMNS}`,
};

const READ = {
  name: "read-names",
  text: `select ${VERSIONED_COLUMNS} from name n left join name_head h using (node) where n.node = any($1::bytea[])`,
};

const RETIRED = {
  name: "retired-profiles",
  text: `select r.node from unnest($1::bytea[], $2::bytea[]) as offered (node, profile_fingerprint)
         join retired_profile r using (node, profile_fingerprint)`,
};

const SAVE = {
  name: "save-names",
  text: `insert into name (${NAME_COLUMNS.join(", ")}, version)
         select ${NAME_COLUMNS.join(", ")}, nextval('name_version') from jsonb_to_recordset($1) as row (${NAME_ROW_TYPE})
         on conflict (node) do update
           set ${NAME_COLUMNS.map((column) => `${column} = excluded.${column}`).join(", ")},
               version = excluded.version,
               updated_at = now()
         returning node, version`,
};

const DELETE = { name: "delete-names", text: "delete from name where node = any($1::bytea[])" };

const RETIRE = {
  name: "retire-profiles",
  text: `insert into retired_profile (node, profile_fingerprint)
         select * from unnest($1::bytea[], $2::bytea[]) on conflict do nothing`,
};

const APPEND = {
  name: "append-history",
  text: `insert into name_history (node, number, entry, hash)
         select node, number, entry, hash from jsonb_populate_recordset(null::name_history, $1)`,
};

const MOVE_HEADS = {
  name: "move-heads",
  text: `update name_head h set number = e.number, hash = e.hash, after = e.after,
           sequence = e.sequence, writes_after_sec = e.writes_after_sec, owner_chain = e.owner_chain
         from jsonb_populate_recordset(null::name_head, $1) e where h.node = e.node`,
};

/** A lock that nothing came of leaves no trace. */
const DROP_UNUSED = {
  name: "drop-unused-heads",
  text: "delete from name_head where node = any($1::bytea[]) and number = 0",
};

type Decide = Parameters<NameStore["changeNames"]>[1];

export async function changeNames(
  pool: Pool,
  targets: readonly NameTarget[],
  decide: Decide,
): Promise<readonly (bigint | null)[]> {
  const items = targets
    .map((target, index): Item => ({ target, index, key: toHex(target.node) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  if (new Set(items.map(({ key }) => key)).size < items.length) {
    throw new SignpostError("INTERNAL", "A change names one name twice.");
  }
  const versions: (bigint | null)[] = targets.map(() => null);
  await inTransaction(pool, async (connection) => {
    await lockClaimants(connection, targets);
    for (let at = 0; at < items.length; at += AT_ONCE) {
      for (const [index, version] of await changeSome(
        connection,
        items.slice(at, at + AT_ONCE),
        decide,
      )) {
        versions[index] = version;
      }
    }
  });
  return versions;
}

interface Item {
  readonly target: NameTarget;
  /** Among the targets as they were given. */
  readonly index: number;
  readonly key: Hex;
}

/** A change that is to be written. */
interface Write {
  readonly item: Item;
  readonly change: NameChange;
}

async function changeSome(
  connection: Connection,
  items: readonly Item[],
  decide: Decide,
): Promise<ReadonlyMap<number, bigint | null>> {
  const known = await lockAndRead(connection, items);
  const versions = new Map<number, bigint | null>();
  const writes: Write[] = [];
  for (const item of items) {
    const name = known.get(item.key) ?? unknownName();
    const change = decide(name, item.index);
    versions.set(item.index, name.stored?.version ?? null);
    if (change) writes.push({ item, change });
  }
  const saved = await writeAll(connection, writes);
  for (const { item } of writes) versions.set(item.index, saved.get(item.key) ?? null);
  if (writes.length < items.length) await run(connection, DROP_UNUSED, [nodesOf(items)]);
  return versions;
}

async function lockAndRead(
  connection: Connection,
  items: readonly Item[],
): Promise<ReadonlyMap<Hex, KnownName>> {
  const nodes = nodesOf(items);
  const heads = await run<HeadRow>(connection, LOCK, [nodes]);
  const stored = new Map<Hex, VersionedName>();
  for (const row of await run<VersionedRow>(connection, READ, [nodes])) {
    stored.set(toHex(row.node), versionedNameOfRow(row));
  }
  const retired = await retiredAmong(connection, items);
  const owned = await claimantNames(connection, items);
  return new Map(
    heads.map((head): [Hex, KnownName] => {
      const key = toHex(head.node);
      return [
        key,
        {
          stored: stored.get(key) ?? null,
          marks: marksOfRow(head),
          end: endOf(head),
          isRetired: retired.has(key),
          claimantNames: owned.get(key) ?? 0,
        },
      ];
    }),
  );
}

async function retiredAmong(
  connection: Connection,
  items: readonly Item[],
): Promise<ReadonlySet<Hex>> {
  const offered = items.flatMap(({ target: { node, fingerprint } }) =>
    fingerprint ? [{ node, fingerprint }] : [],
  );
  if (offered.length === 0) return new Set();
  const rows = await run<{ node: Buffer }>(connection, RETIRED, [
    offered.map(({ node }) => node),
    offered.map(({ fingerprint }) => fingerprint),
  ]);
  return new Set(rows.map(({ node }) => toHex(node)));
}

async function writeAll(
  connection: Connection,
  writes: readonly Write[],
): Promise<ReadonlyMap<Hex, bigint>> {
  const saved = new Map<Hex, bigint>();
  const rows = writes.flatMap(({ change: { after } }) => (after ? [rowOfName(after)] : []));
  const gone = writes.filter(({ change }) => !change.after);
  const retired = writes.flatMap(({ item, change }) =>
    change.retired.map((fingerprint) => ({ node: item.target.node, fingerprint })),
  );
  assertOwnRows(writes);
  if (rows.length > 0) {
    const found = await run<{ node: Buffer; version: string }>(connection, SAVE, [
      JSON.stringify(rows),
    ]);
    for (const { node, version } of found) saved.set(toHex(node), BigInt(version));
  }
  if (gone.length > 0) await run(connection, DELETE, [nodesOf(gone.map(({ item }) => item))]);
  if (retired.length > 0) {
    await run(connection, RETIRE, [
      retired.map(({ node }) => node),
      retired.map(({ fingerprint }) => fingerprint),
    ]);
  }
  if (writes.length > 0) {
    await run(connection, APPEND, [JSON.stringify(writes.flatMap(historyRows))]);
    await run(connection, MOVE_HEADS, [JSON.stringify(writes.map(headRow))]);
  }
  return saved;
}

function historyRows({ item, change }: Write) {
  return change.entries.map(({ entry, hash }) => ({
    node: byteaText(item.target.node),
    number: entry.number,
    entry,
    hash: byteaText(hash),
  }));
}

function headRow({ item, change: { end, marks } }: Write) {
  return {
    node: byteaText(item.target.node),
    number: end.number,
    hash: byteaText(end.hash),
    after: byteaText(end.after),
    ...rowOfMarks(marks),
  };
}

/** Two claims of one wallet must see each other, although they are of different names. */
async function lockClaimants(
  connection: Connection,
  targets: readonly NameTarget[],
): Promise<void> {
  const keys = targets.flatMap(({ claimant }) =>
    claimant ? [`${claimant.domain} ${toHex(claimant.wallet)}`] : [],
  );
  for (const key of [...new Set(keys)].sort()) {
    const lock = { text: "select pg_advisory_xact_lock(hashtextextended($1, 0))", values: [key] };
    await fromDatabase(connection.query(lock));
  }
}

async function claimantNames(
  connection: Connection,
  items: readonly Item[],
): Promise<ReadonlyMap<Hex, number>> {
  const counts = new Map<Hex, number>();
  for (const { key, target } of items) {
    if (!target.claimant) continue;
    const { wallet, domain } = target.claimant;
    const [row] = await run<{ count: string }>(
      connection,
      {
        name: "names-of-claimant",
        text: `select count(*) from name
               where addresses ->> '60' = $1 and domain = $2 and name <> $1 || '.' || domain`,
      },
      [toHex(wallet), domain],
    );
    counts.set(key, Number(row?.count ?? 0));
  }
  return counts;
}

interface HeadRow extends MarkRow {
  readonly node: Buffer;
  readonly number: number;
  readonly hash: Buffer | null;
  readonly after: Buffer | null;
}

function endOf({ number, hash, after }: HeadRow): HistoryEnd | null {
  return hash && after ? { number, hash: plainBytes(hash), after: plainBytes(after) } : null;
}

function nodesOf(items: readonly Item[]): readonly Uint8Array[] {
  return items.map(({ target }) => target.node);
}

function assertOwnRows(writes: readonly Write[]): void {
  for (const { item, change } of writes) {
    if (change.after && toHex(change.after.node) !== item.key) {
      throw new SignpostError("INTERNAL", "A change tried to save a name that it had not locked.");
    }
  }
}

function unknownName(): never {
  throw new SignpostError("INTERNAL", "A name was not locked; please report it.");
}

async function run<Row extends object = object>(
  connection: Connection,
  statement: { readonly name: string; readonly text: string },
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const question = { ...statement, values: [...values] };
  return (await fromDatabase(connection.query<Row>(question))).rows;
}
