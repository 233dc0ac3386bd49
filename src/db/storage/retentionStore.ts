/** What time does to rows, account by account: those that did not change for so long end, and what was deleted is forgotten. */
import { isSignpostError } from "../../errors.js";
import type { StorageBounds } from "../../storage/bounds.js";
import type { FailedAccount, Step, StorageRetention } from "../../storage/store.js";
import { forgetChallenges } from "../accounts/challengeStore.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { type AccountChange, changeAccount } from "./changeAccount.js";
import { deleteRemoved } from "./deleteConversation.js";
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
  const { account, conversation, deletion, removed } = tables;
  const here = { pool, tables, bounds };

  /**
   * The same in some accounts, one after the other, until it was done to so many rows. One that fails is left out of the next steps,
   * and the others go on.
   */
  async function inEach(
    { text, values }: Accounts,
    limit: number,
    work: (own: AccountChange, limit: number) => Promise<number>,
  ): Promise<Step> {
    const found = await fromDatabase(pool.query<{ number: string }>(text, [...values]));
    const failed: FailedAccount[] = [];
    let rows = 0;
    for (const account of found.rows.map(({ number }) => Number(number))) {
      if (rows >= limit) break;
      const left = limit - rows;
      try {
        rows += await changeAccount(here, null, account, (own) => work(own, left));
      } catch (error) {
        if (!isSignpostError(error, "NO_ACCOUNT")) failed.push({ account, error });
        else if (await noteRemoved(account)) rows++;
      }
    }
    const isLast = found.rows.length < ACCOUNTS_AT_ONCE && rows < limit;
    return { rows, failed, isLast };
  }

  /** Rows without an account are found, and deleted as those of one that was removed. False where that was known. */
  async function noteRemoved(number: number): Promise<boolean> {
    const text = `insert into ${tables.removed} (number) values ($1) on conflict do nothing`;
    return (await fromDatabase(pool.query(text, [number]))).rowCount === 1;
  }

  return {
    expire: (nowMs, mostDays, limit, without) =>
      inEach(accountsToEnd(tables, nowMs, mostDays, without), limit, async (own, left) => {
        // as its user wants it by now
        const wish = own.retentionDays ?? Infinity;
        const days = Math.min(wish, mostDays ?? Infinity);
        if (days === Infinity) return 0;
        return endRows(own, {
          ...{ before: nowMs - days * DAY_MS, limit: left, isWish: wish === days },
        });
      }),

    deleteRemoved: (limit, without) => {
      const text = `select distinct account as number from ${conversation}
                    where deleted_hash is not null ${notIn("account", without)}
                      and account not in (select number from ${removed}) limit ${ACCOUNTS_AT_ONCE}`;
      return untilNothing(inEach({ text, values: [] }, limit, deleteRemoved));
    },

    forgetDeletions: (beforeMs, limit, without) => {
      const text = `
        select distinct account as number from (
          select account from ${deletion}
          where change < $1 ${notIn("account", without)} and account not in (select number from ${removed})
          order by change limit $2
        ) oldest limit ${ACCOUNTS_AT_ONCE}`;
      const oldest = { text, values: [beforeMs, limit] };
      return untilNothing(
        inEach(oldest, limit, (own, left) => forgetDeletions(own, beforeMs, left)),
      );
    },

    forgetAccounts: async (beforeMs, limit) => {
      const text = `
        delete from ${account} where number in (
          select number from ${account}
          where proven_key is null and created_at < $1 and messages = 0 and conversations = 0 and deletions = 0
          order by created_at limit $2 for update skip locked
        )`;
      const { rowCount } = await fromDatabase(pool.query(text, [new Date(beforeMs), limit]));
      const rows = rowCount ?? 0;
      return { rows, failed: [], isLast: rows < limit };
    },

    forgetChallenges: () => forgetChallenges(pool, tables),
  };
}

/** Rows that somebody else deletes now are found and left: nothing more is done to them here. */
async function untilNothing(step: Promise<Step>): Promise<Step> {
  const { rows, failed, isLast } = await step;
  return { rows, failed, isLast: isLast || (rows === 0 && failed.length === 0) };
}

/** Numbers of accounts, so nothing in them is escaped. */
function notIn(column: string, numbers: readonly number[] = []): string {
  return numbers.length === 0 ? "" : `and ${column} <> all('{${numbers.join(",")}}'::bigint[])`;
}

/**
 * Those that may have something to end, the one that waits longest first, by an index: whoever was looked at is behind it after
 * that. Each is found by what its user wants, or by what the operator does.
 */
export function accountsToEnd(
  { account }: Pick<StorageTables, "account">,
  nowMs: number,
  mostDays: number | null,
  without: readonly number[] = [],
): Accounts {
  const byUser = `
    (select number from ${account}
     where retention_days is not null and kept_from + ${DAY_MS} * retention_days::bigint < $1 ${notIn("number", without)}
     order by kept_from + ${DAY_MS} * retention_days::bigint limit ${ACCOUNTS_AT_ONCE})`;
  if (mostDays === null) return { text: byUser, values: [nowMs] };
  const byOperator = `
    (select number from ${account} where kept_from < $2 ${notIn("number", without)} order by kept_from limit ${ACCOUNTS_AT_ONCE})`;
  return { text: `${byUser} union ${byOperator}`, values: [nowMs, nowMs - mostDays * DAY_MS] };
}
