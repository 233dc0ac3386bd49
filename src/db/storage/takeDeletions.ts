/**
 * What was deleted at another storage of the same user, deleted here. A message is deleted for good, or where it is no newer; a
 * conversation only where it is empty then and no newer: what else is in it, that storage did not have.
 */
import type { Digest } from "../../abi/digest.js";
import type { DeletionRow } from "../../storage/rows.js";
import { textOfKey } from "../batchedLookup.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import { deletionsOf, noteDeletions } from "./deletionRows.js";

/** Returns how many were news. */
export async function takeDeletions(
  own: AccountChange,
  rows: readonly DeletionRow[],
): Promise<number> {
  let taken = 0;
  for (const of of ["message", "conversation"] as const) {
    const isMessage = of === "message";
    const news = await newsOf(own, isMessage, strongestOfEach(rows.filter((row) => row.of === of)));
    if (news.length === 0) continue;
    const left = await (isMessage ? deleteMessages(own, news) : deleteEmpty(own, news));
    const done = news.filter(({ id }) => !left.has(textOfKey(id)));
    const deletions = done.map(({ id: key, version, isFinal }) => ({
      ...{ isMessage, key, version, isFinal },
    }));
    await noteDeletions(own, deletions);
    taken += done.length;
  }
  return taken;
}

/** Those that say more than what is known here. */
async function newsOf(
  own: AccountChange,
  isMessage: boolean,
  rows: readonly DeletionRow[],
): Promise<readonly DeletionRow[]> {
  const ids = rows.map(({ id }) => id);
  const known = await deletionsOf(own, isMessage, ids);
  return rows.filter(({ id, version, isFinal }) => {
    const before = known.get(textOfKey(id));
    if (before === undefined) return true;
    return !before.isFinal && (isFinal || version > before.version);
  });
}

/** Returns those of which there is a newer version. */
async function deleteMessages(
  own: AccountChange,
  rows: readonly DeletionRow[],
): Promise<ReadonlySet<string>> {
  const { connection, tables, account, change } = own;
  const given = `unnest($2::bytea[], $3::bigint[], $4::boolean[]) as g(id, version, is_final)`;
  const { rows: gone } = await fromDatabase(
    connection.query<{ messages: string; bytes: string }>({
      name: "delete-taken-messages",
      text: `
        with gone as (
          delete from ${tables.message} m using ${given}
          where (m.account, m.id) = ($1, g.id) and (g.is_final or m.version <= g.version)
          returning m.conversation, m.bytes
        ), counted as (
          update ${tables.conversation} c set messages = c.messages - g.messages, change = $5::bigint
          from (select conversation, count(*) as messages from gone group by conversation) g
          where c.number = g.conversation
        )
        select count(*) as messages, coalesce(sum(bytes), 0) as bytes from gone`,
      values: [
        account,
        rows.map(({ id }) => id),
        rows.map(({ version }) => version),
        rows.map(({ isFinal }) => isFinal),
        change,
      ],
    }),
  );
  own.count({
    messages: -Number(gone[0]?.messages ?? 0),
    bytes: -Number(gone[0]?.bytes ?? 0),
  });
  return idsLeft(
    own,
    `select id from ${tables.message} where account = $1 and id = any($2::bytea[])`,
    rows,
  );
}

/** Returns those that are there yet. */
async function deleteEmpty(
  own: AccountChange,
  rows: readonly DeletionRow[],
): Promise<ReadonlySet<string>> {
  const { connection, tables, account } = own;
  const { rows: gone } = await fromDatabase(
    connection.query<{ bytes: number }>({
      name: "delete-taken-conversations",
      text: `
        delete from ${tables.conversation} c using unnest($2::bytea[], $3::bigint[]) as g(id, version)
        where (c.account, c.contact_hash) = ($1, g.id) and c.version <= g.version and c.messages = 0
        returning octet_length(c.contact) + octet_length(c.profile_location) as bytes`,
      values: [account, rows.map(({ id }) => id), rows.map(({ version }) => version)],
    }),
  );
  own.count({
    conversations: -gone.length,
    bytes: -gone.reduce((sum, { bytes }) => sum + bytes, 0),
  });
  return idsLeft(
    own,
    `select contact_hash as id from ${tables.conversation} where account = $1 and contact_hash = any($2::bytea[])`,
    rows,
  );
}

async function idsLeft(
  { connection, account }: AccountChange,
  text: string,
  rows: readonly DeletionRow[],
): Promise<ReadonlySet<string>> {
  const ids: readonly Digest[] = rows.map(({ id }) => id);
  const { rows: left } = await fromDatabase(connection.query<{ id: Buffer }>(text, [account, ids]));
  return new Set(left.map(({ id }) => textOfKey(id)));
}

function strongestOfEach(rows: readonly DeletionRow[]): readonly DeletionRow[] {
  const strongest = new Map<string, DeletionRow>();
  for (const row of rows) {
    const key = textOfKey(row.id);
    const before = strongest.get(key) ?? row;
    strongest.set(key, {
      ...row,
      isFinal: row.isFinal || before.isFinal,
      version: Math.max(row.version, before.version),
    });
  }
  return [...strongest.values()];
}
