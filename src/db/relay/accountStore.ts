/** Accounts of the relay node, with what waits for each. */
import type { Address } from "../../ens/address.js";
import { type Filters, NO_FILTERS } from "../../relay/filters.js";
import type { AccountUse, RelayAccount, RelayAccountStore } from "../../relay/store.js";
import {
  ACCOUNT_COLUMNS,
  accountOfRow,
  type AccountRow,
  accountRows,
} from "../accounts/accountRows.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { inTransaction } from "../transaction.js";
import type { RelayTables } from "./relayTables.js";

const COLUMNS = `${ACCOUNT_COLUMNS}, filters`;

interface RelayAccountRow extends AccountRow {
  readonly filters: Partial<Filters>;
}

interface UseRow extends RelayAccountRow {
  readonly created_at: Date;
  readonly messages: number;
  readonly bytes: string;
}

export function accountStore(pool: Pool, tables: RelayTables): RelayAccountStore {
  const { account, message, share, blob, blobUse } = tables;
  const ask = <Row extends object>(text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<Row>(text, [...values]));

  /** Messages that came to the account, and what is counted of them. */
  const own = [message, share];

  const remove = (address: Address, tablesOf: readonly string[]) =>
    inTransaction(pool, async (connection) => {
      const removeFrom = (table: string, column: string) =>
        fromDatabase(connection.query(`delete from ${table} where ${column} = $1`, [address]));
      const { rowCount } = await removeFrom(account, "address");
      for (const table of tablesOf) await removeFrom(table, "account");
      return rowCount === 1;
    });

  return {
    ...accountRows(pool, { table: account, columns: COLUMNS, accountOf: relayAccountOfRow }),

    setFilters: async (address, filters) => {
      const text = `update ${account} set filters = $2 where address = $1`;
      return (await ask(text, [address, JSON.stringify(filters)])).rowCount === 1;
    },

    accounts: async (after, limit) => {
      const text = `
        select ${COLUMNS}, created_at, messages, bytes from ${account}
        where $1::bytea is null or address > $1 order by address limit $2`;
      return (await ask<UseRow>(text, [after, limit])).rows.map(useOfRow);
    },

    // rows of blobs and of their use stay together: what is kept is counted until it ends
    endAccount: (address) => remove(address, own),
    removeAccount: (address) => remove(address, [...own, blobUse, blob]),
  };
}

function relayAccountOfRow(row: RelayAccountRow): RelayAccount {
  return { ...accountOfRow(row), filters: { ...NO_FILTERS, ...row.filters } };
}

function useOfRow(row: UseRow): AccountUse {
  return {
    ...relayAccountOfRow(row),
    createdMs: row.created_at.getTime(),
    messages: row.messages,
    bytes: Number(row.bytes),
  };
}
