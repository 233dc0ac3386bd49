/** Accounts of the storage, with what each has. */
import type {
  StorageAccount,
  StorageAccountStore,
  StorageAccountUse,
} from "../../storage/store.js";
import {
  ACCOUNT_COLUMNS,
  accountOfRow,
  type AccountRow,
  accountRows,
} from "../accounts/accountRows.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { inTransaction } from "../transaction.js";
import { stateOf } from "./accountState.js";
import { accountIsGone } from "./changeAccount.js";
import type { StorageTables } from "./storageTables.js";

const columnsOf = (account: string) =>
  `${ACCOUNT_COLUMNS}, number, id_name, retention_days, ${stateOf(account)} as state`;

interface StorageAccountRow extends AccountRow {
  readonly number: string;
  readonly id_name: string | null;
  readonly retention_days: number | null;
  readonly state: string;
}

interface UseRow extends StorageAccountRow {
  readonly created_at: Date;
  readonly conversations: number;
  readonly messages: number;
  readonly bytes: string;
}

export function storageAccountStore(pool: Pool, tables: StorageTables): StorageAccountStore {
  const { account, removed, conversation, message, deletion } = tables;
  const columns = columnsOf(account);
  const ask = <Row extends object>(text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<Row>(text, [...values]));

  return {
    ...accountRows(pool, { table: account, columns, accountOf: storageAccountOfRow }),

    nameOfIds: async (number, name) => {
      const text = `update ${account} set id_name = coalesce(id_name, $2) where number = $1 returning id_name`;
      const [row] = (await ask<{ id_name: string }>(text, [number, name])).rows;
      if (row === undefined) throw accountIsGone();
      return row.id_name;
    },

    useOf: async (number) => {
      const text = `select conversations, messages, bytes from ${account} where number = $1`;
      const [row] = (await ask<UseRow>(text, [number])).rows;
      if (row === undefined) throw accountIsGone();
      const { conversations, messages, bytes } = row;
      return { conversations, messages, bytes: Number(bytes) };
    },

    setRetention: async (number, days) => {
      const text = `update ${account} set retention_days = $2 where number = $1`;
      if ((await ask(text, [number, days])).rowCount === 0) throw accountIsGone();
    },

    accounts: async (after, limit) => {
      const text = `
        select ${columns}, created_at, conversations, messages, bytes from ${account}
        where $1::bytea is null or address > $1 order by address limit $2`;
      return (await ask<UseRow>(text, [after, limit])).rows.map(useOfRow);
    },

    removeAccount: (number) =>
      inTransaction(pool, async (connection) => {
        const { rowCount } = await fromDatabase(
          connection.query(
            `with gone as (delete from ${account} where number = $1 returning number)
             insert into ${removed} (number) select number from gone`,
            [number],
          ),
        );
        return rowCount === 1;
      }),

    deleteRows: async (limit, number) => {
      const only = number ?? null;
      const messages = await ask(
        `delete from ${message} where (account, id) in (
           select m.account, m.id from ${removed} r
           cross join lateral (
             select account, id from ${message} where account = r.number limit $1 for update skip locked
           ) m
           where $2::bigint is null or r.number = $2 limit $1
         )`,
        [limit, only],
      );
      const deleted = messages.rowCount ?? 0;
      if (deleted >= limit) return deleted;
      const conversations = await ask(
        `delete from ${conversation} where number in (
           select c.number from ${removed} r
           cross join lateral (
             select number from ${conversation} where account = r.number limit $1 for update skip locked
           ) c
           where $2::bigint is null or r.number = $2 limit $1
         )`,
        [limit - deleted, only],
      );
      const rows = deleted + (conversations.rowCount ?? 0);
      if (rows >= limit) return rows;
      const deletions = await ask(
        `delete from ${deletion} where (account, is_message, key) in (
           select d.account, d.is_message, d.key from ${removed} r
           cross join lateral (
             select account, is_message, key from ${deletion} where account = r.number limit $1 for update skip locked
           ) d
           where $2::bigint is null or r.number = $2 limit $1
         )`,
        [limit - rows, only],
      );
      const all = rows + (deletions.rowCount ?? 0);
      if (all >= limit) return all;
      await ask(
        `delete from ${removed} r
         where ($1::bigint is null or r.number = $1)
           and not exists (select from ${message} where account = r.number)
           and not exists (select from ${conversation} where account = r.number)
           and not exists (select from ${deletion} where account = r.number)`,
        [only],
      );
      return all;
    },

    hasRowsLeft: async (number) => {
      const text = `select number from ${removed} where number = $1`;
      return (await ask(text, [number])).rowCount === 1;
    },
  };
}

function storageAccountOfRow(row: StorageAccountRow): StorageAccount {
  return {
    ...accountOfRow(row),
    number: Number(row.number),
    idName: row.id_name,
    retentionDays: row.retention_days,
    state: row.state,
  };
}

function useOfRow(row: UseRow): StorageAccountUse {
  return {
    ...storageAccountOfRow(row),
    createdMs: row.created_at.getTime(),
    conversations: row.conversations,
    messages: row.messages,
    bytes: Number(row.bytes),
  };
}
