/** Accounts in the table of a service that has some. What it keeps of them beside these columns is its own. */
import type { Account, AccountStore } from "../../accounts/store.js";
import type { SignedUserProfile } from "../../dm3/profile/profile.js";
import type { Address } from "../../ens/address.js";
import type { NormalName } from "../../ens/normalize.js";
import { batchedLookup, textOfKey } from "../batchedLookup.js";
import { addressOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";

export const ACCOUNT_COLUMNS = "address, name, profile, proven_key";

export interface AccountRow {
  readonly address: Buffer;
  readonly name: NormalName | null;
  readonly profile: SignedUserProfile;
  readonly proven_key: string | null;
}

export interface AccountRowOptions<Row extends AccountRow, Own extends Account> {
  readonly table: string;
  /** What is read of a row. */
  readonly columns: string;
  readonly accountOf: (row: Row) => Own;
}

export function accountRows<Row extends AccountRow, Own extends Account>(
  pool: Pool,
  { table, columns, accountOf }: AccountRowOptions<Row, Own>,
): AccountStore<Own> {
  const rowOf = batchedLookup<Row, Address>(async (addresses) => {
    const text = `select ${columns} from ${table} where address = any($1::bytea[])`;
    const { rows } = await fromDatabase(
      pool.query<Row>({ name: "accounts-of-addresses", text, values: [addresses] }),
    );
    return new Map(rows.map((row) => [textOfKey(row.address), row]));
  });

  return {
    accountOf: async (address) => {
      const row = await rowOf(address);
      return row && accountOf(row);
    },

    putAccount: async ({ address, name, signed }) => {
      const text = `
        insert into ${table} (address, name, profile) values ($1, $2, $3)
        on conflict (address) do update set name = excluded.name, profile = excluded.profile`;
      await fromDatabase(pool.query(text, [address, name, JSON.stringify(signed)]));
    },

    noteProven: async (address, signingKey, name) => {
      const text = `
        update ${table} set proven_key = $2, name = coalesce($3, name)
        where address = $1 and (proven_key is distinct from $2 or name is distinct from coalesce($3, name))`;
      await fromDatabase(pool.query(text, [address, signingKey, name]));
    },
  };
}

export function accountOfRow({ address, name, profile, proven_key }: AccountRow): Account {
  return { address: addressOf(address), name, signed: profile, provenKey: proven_key };
}
