/** What time does to rows, account by account: those that did not change for so long end, and what was deleted is forgotten. */
import { isSignpostError } from "../../errors.js";
import type { StorageRetention } from "../../storage/store.js";
import { forgetChallenges } from "../accounts/challengeStore.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { type AccountChange, changeAccount } from "./changeAccount.js";
import { deleteHidden } from "./deleteConversation.js";
import { forgetDeletions } from "./deletionRows.js";
import type { StorageTables } from "./storageTables.js";

const DAY_MS = 86_400_000;
const ACCOUNTS_AT_ONCE = 50;

export function retentionStore(pool: Pool, tables: StorageTables): StorageRetention {
  const { account, message, conversation, deletion } = tables;
  /** Before which number of change an account's rows end: numbers are times. */
  const cutoff = `$1 - ${DAY_MS}::bigint * least(retention_days, $2::integer)`;

  /** The same in some accounts, one after the other, until it was done to so many rows. */
  async function inEach(
    accounts: { readonly text: string; readonly values: readonly unknown[] },
    limit: number,
    work: (own: AccountChange, limit: number) => Promise<number>,
  ): Promise<number> {
    const { text, values } = accounts;
    const { rows } = await fromDatabase(pool.query<{ number: string }>(text, [...values]));
    let done = 0;
    for (const { number } of rows) {
      if (done >= limit) break;
      const left = limit - done;
      const step = changeAccount({ pool, tables }, null, Number(number), (own) => work(own, left));
      done += await step.catch(noneIfGone);
    }
    return done;
  }

  return {
    expire: (nowMs, mostDays, limit) => {
      const text = `
        select number from (
          select number, ${cutoff} as before from ${account} where $2 is not null or retention_days is not null
        ) kept
        where exists (select from ${message} m where m.account = kept.number and m.change < before)
           or exists (select from ${conversation} c where c.account = kept.number and c.change < before
                      and c.messages = 0 and c.deleted_hash is null)
        limit ${ACCOUNTS_AT_ONCE}`;
      return inEach({ text, values: [nowMs, mostDays] }, limit, async (own, left) => {
        // as its user wants it by now
        const days = Math.min(own.retentionDays ?? Infinity, mostDays ?? Infinity);
        return days === Infinity ? 0 : endRows(own, nowMs - days * DAY_MS, left);
      });
    },

    deleteRemoved: (limit) => {
      const text = `select distinct account as number from ${conversation}
                    where deleted_hash is not null limit ${ACCOUNTS_AT_ONCE}`;
      return inEach({ text, values: [] }, limit, deleteHidden);
    },

    forgetDeletions: (beforeMs, limit) => {
      const text = `
        select distinct account as number from (
          select account from ${deletion} where change < $1 order by change limit $2
        ) oldest limit ${ACCOUNTS_AT_ONCE}`;
      return inEach({ text, values: [beforeMs, limit] }, limit, (own, left) =>
        forgetDeletions(own, beforeMs, left),
      );
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
         where account = $1 and change < $2 and messages = 0 and deleted_hash is null order by change limit $3
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
