/** Whose keys a bridge holds: the one secret of each, sealed. */
import { formatNativeAddress, type NativeAddress } from "../../messaging/address/nativeAddress.js";
import type { SealedColumn } from "../../sealing/place.js";
import type { Secrets } from "../../sealing/secrets.js";
import { plainBytes } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { BridgeTables } from "./bridgeTables.js";

export interface VirtualUserStore {
  /** The private key of the user's wallet, 32 bytes; null where there is no such user. Throws SECRET_UNREADABLE. */
  readonly walletKeyOf: (native: NativeAddress) => Promise<Uint8Array | null>;
  /** Keeps it, unless there is one already. */
  readonly add: (user: NewVirtualUser) => Promise<void>;
  readonly remove: (native: NativeAddress) => Promise<void>;
}

interface NewVirtualUser {
  readonly native: NativeAddress;
  readonly wallet: Uint8Array;
  readonly walletKey: Uint8Array;
}

export function virtualUserStore(
  pool: Pool,
  { virtualUser }: BridgeTables,
  secrets: Secrets,
  column: SealedColumn,
): VirtualUserStore {
  return {
    walletKeyOf: (native) => {
      const id = formatNativeAddress(native);
      return secrets.read({ column, row: [id] }, async () => {
        const { rows } = await fromDatabase(
          pool.query<{ secret: Buffer }>(`select secret from ${virtualUser} where native = $1`, [
            id,
          ]),
        );
        return rows[0] === undefined ? null : plainBytes(rows[0].secret);
      });
    },
    add: async ({ native, wallet, walletKey }) => {
      const id = formatNativeAddress(native);
      await secrets.write({ column, row: [id] }, walletKey, (sealed) =>
        fromDatabase(
          pool.query(
            `insert into ${virtualUser} (native, wallet, secret)
             values ($1, $2, $3) on conflict (native) do nothing`,
            [id, wallet, sealed],
          ),
        ),
      );
    },
    remove: async (native) => {
      const text = `delete from ${virtualUser} where native = $1`;
      await fromDatabase(pool.query(text, [formatNativeAddress(native)]));
    },
  };
}
