/** The second half of a change: what was decided, written in a few statements for many names. */
import { type Hex, toHex } from "../abi/hex.js";
import { SignpostError } from "../errors.js";
import type { Pause } from "../registry/changes/clock.js";
import type { NameChange } from "../registry/history/lockedName.js";
import { byteaText } from "./bytea.js";
import { type Item, nodesOf, run } from "./changedItems.js";
import { isDuplicate } from "./databaseError.js";
import { NAME_COLUMNS, NAME_ROW_TYPE, rowOfName } from "./nameRow.js";
import { rowOfSignatureState } from "./signatureStateRow.js";
import type { Connection } from "./transaction.js";

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
           sequence = e.sequence, writes_after_sec = e.writes_after_sec, owner_chain = e.owner_chain,
           given_up_by = e.given_up_by, is_gift = e.is_gift
         from jsonb_populate_recordset(null::name_head, $1) e where h.node = e.node`,
};

/** A change that is to be written. */
export interface Write {
  readonly item: Item;
  readonly change: NameChange;
}

export async function writeAll(
  connection: Connection,
  writes: readonly Write[],
  pause: Pause,
): Promise<ReadonlyMap<Hex, bigint>> {
  const saved = new Map<Hex, bigint>();
  const kept = writes.flatMap(({ change: { after } }) => (after ? [after] : []));
  const gone = writes.filter(({ change }) => !change.after);
  const retired = writes.flatMap(({ item, change }) =>
    change.retired.map((fingerprint) => ({ node: item.target.node, fingerprint })),
  );
  assertOwnRows(writes);
  if (kept.length > 0) {
    const rows = await jsonOfEach(kept, (after) => [rowOfName(after)], pause);
    const found = await run<{ node: Buffer; version: string }>(connection, SAVE, [rows]);
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
    await append(connection, writes, pause);
    await run(connection, MOVE_HEADS, [JSON.stringify(writes.flatMap(headRow))]);
  }
  return saved;
}

/** Throws INTERNAL where a history has an entry behind its end: only a change by hand leads there. */
async function append(
  connection: Connection,
  writes: readonly Write[],
  pause: Pause,
): Promise<void> {
  try {
    await run(connection, APPEND, [await jsonOfEach(writes, historyRows, pause)]);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new SignpostError(
      "INTERNAL",
      "The history of a name has an entry behind its end, so the database was changed by hand. Nothing was written; `signpost history verify --all` says which name it is.",
      {},
      { cause: error },
    );
  }
}

/** All rows as one JSON array, those of one name at a time: of a large name they are half a megabyte. */
async function jsonOfEach<Of>(
  all: readonly Of[],
  rowsOf: (one: Of) => readonly object[],
  pause: Pause,
): Promise<string> {
  const rows: string[] = [];
  for (const one of all) {
    await pause();
    for (const row of rowsOf(one)) rows.push(JSON.stringify(row));
  }
  return `[${rows.join()}]`;
}

function historyRows({ item, change }: Write) {
  return change.entries.map(({ entry, hash }) => ({
    node: byteaText(item.target.node),
    number: entry.number,
    entry,
    hash: byteaText(hash),
  }));
}

/** None of a name without a history: its lock goes again. */
function headRow({ item, change: { end, signatureState } }: Write) {
  if (end === null) return [];
  const row = {
    node: byteaText(item.target.node),
    number: end.number,
    hash: byteaText(end.hash),
    after: byteaText(end.after),
    ...rowOfSignatureState(signatureState),
  };
  return [row];
}

function assertOwnRows(writes: readonly Write[]): void {
  for (const { item, change } of writes) {
    if (change.after && toHex(change.after.node) !== item.key) {
      throw new SignpostError("INTERNAL", "A change tried to save a name that it had not locked.");
    }
  }
}
