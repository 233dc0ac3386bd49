/**
 * Whatever changes what an account has, under the lock of its row: one behind the other, with a number that is higher than those
 * before, and counted. Nothing becomes visible behind a higher number, and no two changes wait for one another in a circle.
 *
 * A number is the time in milliseconds, or the one behind the last where that is higher. So a database that was restored from a
 * backup gives no number again that was given after the backup.
 */
import { SignpostError } from "../../errors.js";
import { assertRoom, type StorageBounds, type StorageUse } from "../../storage/bounds.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { type Connection, inTransaction } from "../transaction.js";
import { inTurnOf } from "./accountTurns.js";
import type { KnownConversation } from "./knownConversation.js";
import type { StorageTables } from "./storageTables.js";

export interface AccountChange {
  readonly connection: Connection;
  readonly tables: StorageTables;
  readonly account: number;
  /** How long its user wants rows to be kept; null: as long as the operator does. */
  readonly retentionDays: number | null;
  /** Of all rows that change now. */
  readonly change: number;
  /** What it has, with what this change counted so far. */
  readonly use: Readonly<Counted>;
  /** How much is kept of what was deleted. */
  readonly mostDeletions: number;
  /** How many messages this change may bring into another conversation, beside the first that it moves. */
  readonly mostMoved: number;
  /** Counts what the account has more, or less, by this change. */
  readonly count: (more: Partial<Counted>) => void;
  /** Conversations as they are now, by `keyOfContact`, where some were read at once; null for one that is not there. */
  readonly readAhead?: Map<string, KnownConversation | null>;
}

interface Counted extends StorageUse {
  /** What is left of what was deleted. */
  readonly deletions: number;
  /** Conversations that are being deleted. */
  readonly deleting: number;
  /** Messages that this change brought into another conversation. */
  readonly moved: number;
}

interface AccountCounts {
  readonly change: string;
  readonly conversations: number;
  readonly messages: number;
  readonly bytes: string;
  readonly deletions: number;
  readonly deleting: number;
  readonly retention_days: number | null;
}

export interface Accounts {
  readonly pool: Pool;
  readonly tables: StorageTables;
  /** Of each. */
  readonly bounds: StorageBounds;
}

const USUAL_DELETIONS = 100_000;

/**
 * Commits when `work` returns, and nothing of it otherwise.
 * @param bounds null: whatever it has then may be
 * @throws NO_ACCOUNT for one that has just gone, STORAGE_FULL, DATABASE_UNAVAILABLE
 */
export function changeAccount<Result>(
  { pool, tables, bounds: all }: Accounts,
  bounds: StorageBounds | null,
  account: number,
  work: (change: AccountChange) => Promise<Result> | Result,
): Promise<Result> {
  const changed = async (connection: Connection) => {
    const { rows } = await fromDatabase(
      connection.query<AccountCounts>({
        name: "lock-account",
        text: `select greatest(last_change + 1, (extract(epoch from now()) * 1000)::bigint) as change,
                 conversations, messages, bytes, deletions, deleting, retention_days
               from ${tables.account} where number = $1 for update`,
        values: [account],
      }),
    );
    const [row] = rows;
    if (row === undefined) throw accountIsGone();
    const { conversations, messages, deletions, deleting } = row;
    const bytes = Number(row.bytes);
    const before: Counted = { conversations, messages, bytes, deletions, deleting, moved: 0 };
    const use = { ...before };
    const change = Number(row.change);
    const count = (more: Partial<Counted>) => {
      use.conversations += more.conversations ?? 0;
      use.messages += more.messages ?? 0;
      use.bytes += more.bytes ?? 0;
      use.deletions += more.deletions ?? 0;
      use.deleting += more.deleting ?? 0;
      use.moved += more.moved ?? 0;
    };
    const result = await work({
      ...{ connection, tables, account, change, use, count },
      retentionDays: row.retention_days,
      // all that an account may have can be deleted at once, and keeps no other deletion from being known
      mostDeletions: Math.max(USUAL_DELETIONS, all.mostMessages),
      mostMoved: bounds?.mostMessages ?? 0,
    });
    if (bounds !== null) assertRoom(bounds, before, use);
    await fromDatabase(
      connection.query({
        name: "count-account",
        text: `update ${tables.account}
               set last_change = $2, conversations = $3, messages = $4, bytes = $5, deletions = $6, deleting = $7
               where number = $1`,
        values: [
          ...[account, change, use.conversations, use.messages, use.bytes],
          ...[use.deletions, use.deleting],
        ],
      }),
    );
    return result;
  };
  return inTurnOf(pool, account, () => inTransaction(pool, changed));
}

export function accountIsGone(): SignpostError {
  return new SignpostError(
    "NO_ACCOUNT",
    "This account was removed a moment ago. Sign up again to have a new one.",
    { name: "" },
  );
}
