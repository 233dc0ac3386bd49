/** Marks that outlive names, added to those that are here. None is ever taken away, and what was served here last stays that. */
import { type Hex, toHex } from "../../abi/hex.js";
import type { NameArrival } from "../../transfer/verify/nameArrival.js";
import { fromDatabase } from "../databaseError.js";
import { dropUnused, lockNodes } from "../lockedNames.js";
import type { Connection } from "../transaction.js";

type Marked = Pick<NameArrival, "name" | "node" | "marks">;

const retire = (table: string) => `
  insert into ${table} (node, profile_fingerprint)
  select * from unnest($1::bytea[], $2::bytea[]) on conflict do nothing
  returning node`;

const SERVED = `
  insert into source_served (node, row_digest, profile_fingerprint)
  select o.node, o.digest, o.fingerprint from unnest($1::bytea[], $2::bytea[], $3::bytea[]) as o (node, digest, fingerprint)
  where not exists (
    select from source_retired r where r.node = o.node and r.profile_fingerprint = o.fingerprint
  )
  on conflict (node) do nothing
  returning node`;

/** Only where nothing else says the name. */
const NAMED = `
  insert into imported_node (node, name)
  select o.node, o.name from unnest($1::bytea[], $2::text[]) as o (node, name)
  where not exists (select from name_head h where h.node = o.node and h.number > 0)
    and not exists (select from name n where n.node = o.node)
  on conflict do nothing`;

export function hasMarks({ retired, served, servedBefore }: NameArrival["marks"]): boolean {
  return retired.length + servedBefore.length > 0 || served !== null;
}

/** The nodes for which one was new. Inside a transaction of the caller. */
export async function addMarks(
  connection: Connection,
  marked: readonly Marked[],
): Promise<ReadonlySet<Hex>> {
  const isNew = new Set<Hex>();
  if (marked.length === 0) return isNew;
  const write = async (text: string, columns: readonly (readonly unknown[])[]) => {
    if (columns[0]?.length === 0) return;
    const values = columns.map((one) => [...one]);
    const { rows } = await fromDatabase(connection.query<{ node: Buffer }>(text, values));
    for (const { node } of rows) isNew.add(toHex(node));
  };
  for (const [table, kind] of [
    ["retired_profile", "retired"],
    ["source_retired", "servedBefore"],
  ] as const) {
    const pairs = marked.flatMap(({ node, marks }) =>
      marks[kind].map((fingerprint) => ({ node, fingerprint })),
    );
    await write(retire(table), [
      pairs.map(({ node }) => node),
      pairs.map(({ fingerprint }) => fingerprint),
    ]);
  }
  const served = marked.flatMap(({ node, marks: { served: one } }) => (one ? [{ node, one }] : []));
  await write(SERVED, [
    served.map(({ node }) => node),
    served.map(({ one }) => one.digest),
    served.map(({ one }) => one.fingerprint),
  ]);
  await write(NAMED, [marked.map(({ node }) => node), marked.map(({ name }) => name)]);
  return isNew;
}

/** The same of those that have marks, under the locks of their nodes. */
export async function addMarksLocked(
  connection: Connection,
  arrivals: readonly Marked[],
): Promise<ReadonlySet<Hex>> {
  const marked = arrivals.filter(({ marks }) => hasMarks(marks));
  if (marked.length === 0) return new Set();
  const nodes = marked.map(({ node }) => node);
  await lockNodes(connection, nodes);
  const isNew = await addMarks(connection, marked);
  await dropUnused(connection, nodes);
  return isNew;
}
