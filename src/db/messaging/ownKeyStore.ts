/** A bridge's own keys towards its network, sealed: the first one is made by whoever comes first, and the newest is in use. */
import { SignpostError } from "../../errors.js";
import type { SealedColumn } from "../../sealing/place.js";
import type { Secrets } from "../../sealing/secrets.js";
import { plainBytes } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { BridgeTables } from "./bridgeTables.js";

/** Both throw DATABASE_UNAVAILABLE, SECRET_UNREADABLE, and what `make` throws. */
export interface OwnKeyStore {
  /** The newest private key; whoever is done with it fills it with zeros. */
  readonly newest: () => Promise<Uint8Array>;
  /** Puts a new one in its place. */
  readonly renew: () => Promise<void>;
}

/** @param make a new private key */
export function ownKeyStore(
  pool: Pool,
  { ownKey }: BridgeTables,
  secrets: Secrets,
  column: SealedColumn,
  make: () => Promise<Uint8Array>,
): OwnKeyStore {
  /** 0: there is none. */
  async function newestNumber(): Promise<bigint> {
    const text = `select coalesce(max(number), 0) as number from ${ownKey}`;
    const { rows } = await fromDatabase(pool.query<{ number: string }>(text));
    return BigInt(rows[0]?.number ?? 0);
  }

  /** Another one of the same number stays. */
  async function add(number: bigint): Promise<void> {
    const secret = await make();
    try {
      await secrets.write({ column, row: [number] }, secret, async (sealed) => {
        const text = `insert into ${ownKey} (number, secret) values ($1, $2) on conflict do nothing`;
        await fromDatabase(pool.query(text, [number, sealed]));
      });
    } finally {
      secret.fill(0);
    }
  }

  return {
    newest: async () => {
      if ((await newestNumber()) === 0n) await add(1n);
      const number = await newestNumber();
      const found = await secrets.read({ column, row: [number] }, async () => {
        const text = `select secret from ${ownKey} where number = $1`;
        const { rows } = await fromDatabase(pool.query<{ secret: Buffer }>(text, [number]));
        return rows[0] === undefined ? null : plainBytes(rows[0].secret);
      });
      if (found !== null) return found;
      throw new SignpostError("INTERNAL", "The bridge's own key was not kept.");
    },
    renew: async () => add((await newestNumber()) + 1n),
  };
}
