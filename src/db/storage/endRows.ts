/** Rows of one account that did not change for so long, ended. */
import { digestOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import { bytesOf, type DeletedRow, deleteMessages } from "./deleteMessages.js";
import { noteDeletions } from "./deletionRows.js";

interface Ending {
  /** What changed before this number. */
  readonly before: number;
  /** How many, at most of each kind. */
  readonly limit: number;
  /** Whether its user wants it so, for all storages that follow this one; and not its operator, for this one. */
  readonly isWish: boolean;
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

function endMessages(
  own: AccountChange,
  { before, limit }: Ending,
): Promise<readonly DeletedRow[]> {
  const old = `
    select account, id from ${own.tables.message}
    where account = $1 and change < $2 and ${isKept(own)} order by change limit $3`;
  return deleteMessages(own, old, [own.account, before, limit]);
}

/** Of a message: its conversation is not being deleted. What is in such a one is noted as deleted when it goes, whatever its age. */
function isKept({ tables }: AccountChange): string {
  return `conversation <> all(array(
    select number from ${tables.conversation} where account = $1 and deleted_hash is not null
  ))`;
}

/** Conversations without a message. */
async function endEmpty(
  own: AccountChange,
  { before, limit }: Ending,
): Promise<readonly DeletedRow[]> {
  const { connection, tables, account } = own;
  const { rows } = await fromDatabase(
    connection.query<DeletedRow>(
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

/** A later version of it, which another storage has, is not old yet. */
async function noteEnded(
  own: AccountChange,
  isMessage: boolean,
  rows: readonly DeletedRow[],
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
         (select min(change) from ${tables.message} where account = $1 and ${isKept(own)}),
         (select min(change) from ${tables.conversation}
          where account = $1 and messages = 0 and deleted_hash is null)
       ), $2) where number = $1`,
      [account, Math.max(change, before)],
    ),
  );
}
