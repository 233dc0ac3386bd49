/** What a bridge notes about addresses of its network: who signs for them, and who wants nothing from here. */
import { formatNativeAddress, type NativeAddress } from "../../messaging/address/nativeAddress.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { BridgeTables } from "./bridgeTables.js";

/** Domains that signed for an address, beside its own. */
export interface SignerStore {
  readonly has: (address: NativeAddress, domain: string) => Promise<boolean>;
  readonly add: (address: NativeAddress, domain: string) => Promise<void>;
}

export interface OptOutStore {
  readonly has: (address: NativeAddress) => Promise<boolean>;
  readonly add: (address: NativeAddress) => Promise<void>;
  readonly remove: (address: NativeAddress) => Promise<void>;
}

export function signerStore(pool: Pool, { signer }: BridgeTables): SignerStore {
  return {
    has: (address, domain) =>
      any(pool, `select 1 from ${signer} where (native, domain) = ($1, $2)`, [
        ...[formatNativeAddress(address), domain],
      ]),
    add: async (address, domain) => {
      const text = `insert into ${signer} (native, domain) values ($1, $2) on conflict do nothing`;
      await any(pool, text, [formatNativeAddress(address), domain]);
    },
  };
}

export function optOutStore(pool: Pool, { optOut }: BridgeTables): OptOutStore {
  const of = (address: NativeAddress) => [formatNativeAddress(address)];
  return {
    has: (address) => any(pool, `select 1 from ${optOut} where native = $1`, of(address)),
    add: async (address) => {
      await any(
        pool,
        `insert into ${optOut} (native) values ($1) on conflict do nothing`,
        of(address),
      );
    },
    remove: async (address) => {
      await any(pool, `delete from ${optOut} where native = $1`, of(address));
    },
  };
}

async function any(pool: Pool, text: string, values: readonly string[]): Promise<boolean> {
  return ((await fromDatabase(pool.query(text, [...values]))).rowCount ?? 0) > 0;
}
