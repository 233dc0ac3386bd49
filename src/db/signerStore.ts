/** By whom gateways on this database have signed. */
import type { Address } from "../ens/address.js";
import { addressOf } from "./bytea.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";
import { inTransaction } from "./transaction.js";

interface RememberedSigner {
  readonly address: Address;
  /** The first one that signed on this database, one that a resolver takes, or one that the operator confirmed. */
  readonly isKnown: boolean;
  /** When it was first noted here: it signed, or was confirmed. */
  readonly firstMs: number;
  /** When a gateway began to sign by it last; null while it is only confirmed. */
  readonly lastMs: number | null;
}

export interface SignerStore {
  /** That a gateway signs by it now. The first one to sign is known, and so is who was confirmed; returns whether it is. */
  note(address: Address): Promise<boolean>;
  /** From now on it is known, whether or not it has signed yet. */
  remember(address: Address): Promise<void>;
  /** From now on it is a stranger; returns whether it was known. */
  forget(address: Address): Promise<boolean>;
  isKnown(address: Address): Promise<boolean>;
  /** Those who signed last come first, then those who have not yet; 100 at most. */
  signers(): Promise<readonly RememberedSigner[]>;
}

const NOTE = `
  insert into gateway_signer (address, is_known, has_signed)
  values ($1, not exists (select from gateway_signer where has_signed), true)
  on conflict (address) do update set last_at = now(), has_signed = true
  returning is_known`;
const REMEMBER = `
  insert into gateway_signer (address, is_known, has_signed) values ($1, true, false)
  on conflict (address) do update set is_known = true`;
const LIST = `
  select address, is_known, has_signed, first_at, last_at from gateway_signer
  order by has_signed desc, last_at desc, address limit 100`;

interface Row {
  readonly address: Buffer;
  readonly is_known: boolean;
  readonly has_signed: boolean;
  readonly first_at: Date;
  readonly last_at: Date;
}

/** Its methods throw DATABASE_UNAVAILABLE. */
export function signerStore(pool: Pool): SignerStore {
  return {
    note: (address) =>
      inTransaction(pool, async (connection) => {
        // of two that begin at once, only one is the first
        await fromDatabase(
          connection.query("lock table gateway_signer in share row exclusive mode"),
        );
        const { rows } = await fromDatabase(
          connection.query<Pick<Row, "is_known">>(NOTE, [address]),
        );
        return rows[0]?.is_known === true;
      }),
    remember: async (address) => {
      await fromDatabase(pool.query(REMEMBER, [address]));
    },
    forget: async (address) => {
      const { rowCount } = await fromDatabase(
        pool.query("update gateway_signer set is_known = false where address = $1 and is_known", [
          address,
        ]),
      );
      return rowCount === 1;
    },
    isKnown: async (address) => {
      const { rows } = await fromDatabase(
        pool.query("select from gateway_signer where address = $1 and is_known", [address]),
      );
      return rows.length > 0;
    },
    signers: async () => {
      const { rows } = await fromDatabase(pool.query<Row>(LIST));
      return rows.map(({ address, is_known, has_signed, first_at, last_at }) => ({
        address: addressOf(address),
        isKnown: is_known,
        firstMs: first_at.getTime(),
        lastMs: has_signed ? last_at.getTime() : null,
      }));
    },
  };
}
