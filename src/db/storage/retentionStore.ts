/** What time does to rows, account by account: those that did not change for so long end, and what was deleted is forgotten. */
import { isSignpostError } from "../../errors.js";
import type { StorageBounds } from "../../storage/bounds.js";
import type { Step, StorageRetention } from "../../storage/store.js";
import { forgetChallenges } from "../accounts/challengeStore.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { type AccountChange, changeAccount } from "./changeAccount.js";
import { deleteHidden } from "./deleteConversation.js";
import { forgetDeletions } from "./deletionRows.js";
import { endRows } from "./endRows.js";
import type { StorageTables } from "./storageTables.js";

const DAY_MS = 86_400_000;
const ACCOUNTS_AT_ONCE = 50;

/** A statement that finds accounts. */
interface Accounts {
  readonly text: string;
  readonly values: readonly unknown[];
}

export function retentionStore(
  pool: Pool,
  tables: StorageTables,
  bounds: StorageBounds,
): StorageRetention {
  const { account, conversation, deletion } = tables;
  const here = { pool, tables, bounds };

  /** The same in some accounts, one after the other, until it was done to so many rows. */
  async function inEach(
    accounts: Accounts,
    limit: number,
    work: (own: AccountChange, limit: number) => Promise<number>,
  ): Promise<Step> {
    const { text, values } = accounts;
    const found = await fromDatabase(pool.query<{ number: string }>(text, [...values]));
    let rows = 0;
    for (const { number } of found.rows) {
      if (rows >= limit) break;
      const left = limit - rows;
      const step = changeAccount(here, null, Number(number), (own) => work(own, left));
      rows += await step.catch(noneIfGone);
    }
    return { rows, isLast: found.rows.length < ACCOUNTS_AT_ONCE && rows < limit };
  }

  return {
    expire: (nowMs, mostDays, limit) =>
      inEach(accountsToEnd(tables, nowMs, mostDays), limit, async (own, left) => {
        // as its user wants it by now
        const wish = own.retentionDays ?? Infinity;
        const days = Math.min(wish, mostDays ?? Infinity);
        if (days === Infinity) return 0;
        return endRows(own, {
          ...{ before: nowMs - days * DAY_MS, limit: left, isWish: wish === days },
        });
      }),

    deleteRemoved: (limit) => {
      const text = `select distinct account as number from ${conversation}
                    where deleted_hash is not null limit ${ACCOUNTS_AT_ONCE}`;
      return untilNothing(inEach({ text, values: [] }, limit, deleteHidden));
    },

    forgetDeletions: (beforeMs, limit) => {
      const text = `
        select distinct account as number from (
          select account from ${deletion} where change < $1 order by change limit $2
        ) oldest limit ${ACCOUNTS_AT_ONCE}`;
      const oldest = { text, values: [beforeMs, limit] };
      return untilNothing(
        inEach(oldest, limit, (own, left) => forgetDeletions(own, beforeMs, left)),
      );
    },

    forgetAccounts: async (beforeMs) => {
      const text = `
        delete from ${account}
        where proven_key is null and created_at < $1 and messages = 0 and conversations = 0`;
      await fromDatabase(pool.query(text, [new Date(beforeMs)]));
    },

    forgetChallenges: () => forgetChallenges(pool, tables),
  };
}

/** Rows of an account that has just gone are found and left: nothing more is done to them here. */
async function untilNothing(step: Promise<Step>): Promise<Step> {
  const { rows, isLast } = await step;
  return { rows, isLast: isLast || rows === 0 };
}

function noneIfGone(error: unknown): number {
  if (isSignpostError(error, "NO_ACCOUNT")) return 0;
  throw error;
}

/**
 * Those that may have something to end, the one that waits longest first, by an index: whoever was looked at is behind it after
 * that. Each is found by what its user wants, or by what the operator does.
 */
export function accountsToEnd(
  { account }: Pick<StorageTables, "account">,
  nowMs: number,
  mostDays: number | null,
): Accounts {
  const byUser = `
    (select number from ${account}
     where retention_days is not null and kept_from + ${DAY_MS} * retention_days::bigint < $1
     order by kept_from + ${DAY_MS} * retention_days::bigint limit ${ACCOUNTS_AT_ONCE})`;
  if (mostDays === null) return { text: byUser, values: [nowMs] };
  const byOperator = `
    (select number from ${account} where kept_from < $2 order by kept_from limit ${ACCOUNTS_AT_ONCE})`;
  return { text: `${byUser} union ${byOperator}`, values: [nowMs, nowMs - mostDays * DAY_MS] };
}
