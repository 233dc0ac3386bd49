/** Rows of one account that did not change for so long, ended. */
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";

/** Those before a number of change; how many, `limit` at most of each kind. What has something left is no longer looked at before that. */
export async function endRows(own: AccountChange, before: number, limit: number): Promise<number> {
  const ended = (await endMessages(own, before, limit)) + (await endEmpty(own, before, limit));
  if (ended < limit) await noteKept(own);
  return ended;
}

async function endMessages(own: AccountChange, before: number, limit: number): Promise<number> {
  const { connection, tables, account } = own;
  const { rows } = await fromDatabase(
    connection.query<{ messages: string; bytes: string }>(
      `with gone as (
         delete from ${tables.message} where (account, id) in (
           select account, id from ${tables.message} where account = $1 and change < $2 order by change limit $3
         ) returning conversation, bytes
       ), counted as (
         update ${tables.conversation} c set messages = c.messages - g.messages
         from (select conversation, count(*) as messages from gone group by conversation) g
         where c.number = g.conversation
       )
       select count(*) as messages, coalesce(sum(bytes), 0) as bytes from gone`,
      [account, before, limit],
    ),
  );
  const messages = Number(rows[0]?.messages ?? 0);
  own.count({ messages: -messages, bytes: -Number(rows[0]?.bytes ?? 0) });
  return messages;
}

/** Conversations without a message. */
async function endEmpty(own: AccountChange, before: number, limit: number): Promise<number> {
  const { connection, tables, account } = own;
  const { rows } = await fromDatabase(
    connection.query<{ bytes: number }>(
      `delete from ${tables.conversation} where number in (
         select number from ${tables.conversation}
         where account = $1 and change < $2 and messages = 0 and deleted_hash is null order by change limit $3
       ) returning octet_length(contact) + octet_length(profile_location) as bytes`,
      [account, before, limit],
    ),
  );
  own.count({
    conversations: -rows.length,
    bytes: -rows.reduce((sum, { bytes }) => sum + bytes, 0),
  });
  return rows.length;
}

async function noteKept({ connection, tables, account }: AccountChange): Promise<void> {
  await fromDatabase(
    connection.query(
      `update ${tables.account} set kept_from = least(
         (select min(change) from ${tables.message} where account = $1),
         (select min(change) from ${tables.conversation}
          where account = $1 and messages = 0 and deleted_hash is null)
       ) where number = $1`,
      [account],
    ),
  );
}
