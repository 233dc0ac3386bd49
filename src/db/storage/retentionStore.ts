/** Rows that did not change for so long end, account by account. */
import { isSignpostError } from "../../errors.js";
import type { StorageRetention } from "../../storage/store.js";
import { forgetChallenges } from "../accounts/challengeStore.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { type AccountChange, changeAccount } from "./changeAccount.js";
import type { StorageTables } from "./storageTables.js";

const DAY_MS = 86_400_000;
const ACCOUNTS_AT_ONCE = 50;

export function retentionStore(pool: Pool, tables: StorageTables): StorageRetention {
  const { account, message, conversation } = tables;
  /** Before which number of change an account's rows end: numbers are times. */
  const cutoff = `$1 - ${DAY_MS}::bigint * least(retention_days, $2::integer)`;
  return {
    expire: async (nowMs, mostDays, limit) => {
      const { rows } = await fromDatabase(
        pool.query<{ number: string }>(
          `select number from (
             select number, ${cutoff} as before from ${account} where $2 is not null or retention_days is not null
           ) kept
           where exists (select from ${message} m where m.account = kept.number and m.change < before)
              or exists (select from ${conversation} c where c.account = kept.number and c.change < before and c.messages = 0)
           limit ${ACCOUNTS_AT_ONCE}`,
          [nowMs, mostDays],
        ),
      );
      let ended = 0;
      for (const { number } of rows) {
        if (ended >= limit) break;
        ended += await changeAccount({ pool, tables }, null, Number(number), (own) => {
          // as its user wants it by now
          const days = Math.min(own.retentionDays ?? Infinity, mostDays ?? Infinity);
          return days === Infinity ? 0 : endRows(own, nowMs - days * DAY_MS, limit - ended);
        }).catch(noneIfGone);
      }
      return ended;
    },
    forgetAccounts: async (beforeMs) => {
      const text = `delete from ${account} where proven_key is null and messages = 0 and conversations = 0 and created_at < $1`;
      await fromDatabase(pool.query(text, [new Date(beforeMs)]));
    },

    forgetChallenges: () => forgetChallenges(pool, tables),
  };
}

function noneIfGone(error: unknown): number {
  if (isSignpostError(error, "NO_ACCOUNT")) return 0;
  throw error;
}

async function endRows(own: AccountChange, before: number, limit: number): Promise<number> {
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
  const emptied = await fromDatabase(
    connection.query<{ bytes: number }>(
      `delete from ${tables.conversation} where number in (
         select number from ${tables.conversation}
         where account = $1 and change < $2 and messages = 0 order by change limit $3
       ) returning octet_length(contact) + octet_length(profile_location) as bytes`,
      [account, before, limit],
    ),
  );
  const ofContacts = emptied.rows.reduce((sum, { bytes }) => sum + bytes, 0);
  own.count({
    messages: -messages,
    conversations: -emptied.rows.length,
    bytes: -Number(rows[0]?.bytes ?? 0) - ofContacts,
  });
  return messages + emptied.rows.length;
}
