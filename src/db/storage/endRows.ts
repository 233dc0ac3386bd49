/** Rows of one account that did not change for so long, ended. */
import { digestOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import { noteDeletions } from "./deletionRows.js";

interface Ending {
  /** What changed before this number. */
  readonly before: number;
  /** How many, at most of each kind. */
  readonly limit: number;
  /** Whether its user wants it so, for all storages that follow this one; and not its operator, for this one. */
  readonly isWish: boolean;
}

interface EndedRow {
  readonly key: Buffer;
  readonly version: string;
  readonly bytes: number;
}

/** How many. An account of which all was done is no longer looked at before something of it is old. */
export async function endRows(own: AccountChange, ending: Ending): Promise<number> {
  const messages = await endMessages(own, ending);
  const conversations = await endEmpty(own, ending);
  if (ending.isWish) {
    await noteEnded(own, true, messages);
    await noteEnded(own, false, conversations);
  }
  const ended = messages.length + conversations.length;
  if (ended < ending.limit) await noteKept(own, ending.before);
  return ended;
}

async function endMessages(
  own: AccountChange,
  { before, limit }: Ending,
): Promise<readonly EndedRow[]> {
  const { connection, tables, account } = own;
  const { rows } = await fromDatabase(
    connection.query<EndedRow>(
      `with gone as (
         delete from ${tables.message} where (account, id) in (
           select account, id from ${tables.message} where account = $1 and change < $2 order by change limit $3
         ) returning conversation, bytes, id, version
       ), counted as (
         update ${tables.conversation} c set messages = c.messages - g.messages
         from (select conversation, count(*) as messages from gone group by conversation) g
         where c.number = g.conversation
       )
       select id as key, version, bytes from gone`,
      [account, before, limit],
    ),
  );
  own.count({ messages: -rows.length, bytes: -bytesOf(rows) });
  return rows;
}

/** Conversations without a message. */
async function endEmpty(
  own: AccountChange,
  { before, limit }: Ending,
): Promise<readonly EndedRow[]> {
  const { connection, tables, account } = own;
  const { rows } = await fromDatabase(
    connection.query<EndedRow>(
      `delete from ${tables.conversation} where number in (
         select number from ${tables.conversation}
         where account = $1 and change < $2 and messages = 0 and deleted_hash is null order by change limit $3
       ) returning contact_hash as key, version, octet_length(contact) + octet_length(profile_location) as bytes`,
      [account, before, limit],
    ),
  );
  own.count({ conversations: -rows.length, bytes: -bytesOf(rows) });
  return rows;
}

const bytesOf = (rows: readonly EndedRow[]) => rows.reduce((sum, { bytes }) => sum + bytes, 0);

/** A later version of it, which another storage has, is not old yet. */
async function noteEnded(
  own: AccountChange,
  isMessage: boolean,
  rows: readonly EndedRow[],
): Promise<void> {
  const deletions = rows.map(({ key, version }) => ({
    ...{ isMessage, key: digestOf(key), version: Number(version), isFinal: false },
  }));
  await noteDeletions(own, deletions);
}

/** Nothing is left that changed before `before`. */
async function noteKept(own: AccountChange, before: number): Promise<void> {
  const { connection, tables, account, change } = own;
  await fromDatabase(
    connection.query(
      `update ${tables.account} set kept_from = coalesce(least(
         (select min(change) from ${tables.message} where account = $1),
         (select min(change) from ${tables.conversation}
          where account = $1 and messages = 0 and deleted_hash is null)
       ), $2) where number = $1`,
      [account, Math.max(change, before)],
    ),
  );
}
