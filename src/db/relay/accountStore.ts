/** Accounts, and the challenges that their owners answered. */
import type { SignedUserProfile } from "../../dm3/profile/profile.js";
import type { Address } from "../../ens/address.js";
import type { NormalName } from "../../ens/normalize.js";
import { type Filters, NO_FILTERS } from "../../relay/filters.js";
import type { Account, AccountStore, AccountUse, ChallengeStore } from "../../relay/store.js";
import { batchedLookup, textOfKey } from "../batchedLookup.js";
import { addressOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { inTransaction } from "../transaction.js";
import type { RelayTables } from "./relayTables.js";

const COLUMNS = "address, name, profile, proven_key, filters";

interface AccountRow {
  readonly address: Buffer;
  readonly name: NormalName | null;
  readonly profile: SignedUserProfile;
  readonly proven_key: string | null;
  readonly filters: Partial<Filters>;
}

interface UseRow extends AccountRow {
  readonly created_at: Date;
  readonly messages: number;
  readonly bytes: string;
}

export function accountStore(pool: Pool, tables: RelayTables): AccountStore {
  const { account, message, share, blob, blobUse } = tables;
  const ask = <Row extends object>(text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<Row>(text, [...values]));

  const rowOf = batchedLookup<AccountRow, Address>(async (addresses) => {
    const text = `select ${COLUMNS} from ${account} where address = any($1::bytea[])`;
    const { rows } = await fromDatabase(
      pool.query<AccountRow>({ name: "accounts-of-addresses", text, values: [addresses] }),
    );
    return new Map(rows.map((row) => [textOfKey(row.address), row]));
  });

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
    accountOf: async (address) => {
      const row = await rowOf(address);
      return row && accountOfRow(row);
    },

    putAccount: async ({ address, name, signed }) => {
      const text = `
        insert into ${account} (address, name, profile) values ($1, $2, $3)
        on conflict (address) do update set name = excluded.name, profile = excluded.profile`;
      await ask(text, [address, name, JSON.stringify(signed)]);
    },

    noteProven: async (address, signingKey, name) => {
      const text = `
        update ${account} set proven_key = $2, name = coalesce($3, name)
        where address = $1 and (proven_key is distinct from $2 or name is distinct from coalesce($3, name))`;
      await ask(text, [address, signingKey, name]);
    },

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

export function challengeStore(pool: Pool, { challenge }: RelayTables): ChallengeStore {
  return {
    useOnce: async (id, expiresMs) => {
      const text = `insert into ${challenge} (id, expires_at) values ($1, $2) on conflict do nothing`;
      const { rowCount } = await fromDatabase(pool.query(text, [id, new Date(expiresMs)]));
      return rowCount === 1;
    },
  };
}

function accountOfRow({ address, name, profile, proven_key, filters }: AccountRow): Account {
  return {
    address: addressOf(address),
    name,
    signed: profile,
    provenKey: proven_key,
    filters: { ...NO_FILTERS, ...filters },
  };
}

function useOfRow(row: UseRow): AccountUse {
  return {
    ...accountOfRow(row),
    createdMs: row.created_at.getTime(),
    messages: row.messages,
    bytes: Number(row.bytes),
  };
}
