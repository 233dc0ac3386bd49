/** DM3 users whose addresses in the network hold a hash of their names. */
import type { NormalName } from "../../ens/normalize.js";
import type { LongNames } from "../../messaging/bridge/longNames.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { BridgeTables } from "./bridgeTables.js";

export function longNameStore(pool: Pool, { longName }: BridgeTables): LongNames {
  return {
    nameOf: async (localPart) => {
      const text = `select name from ${longName} where local_part = $1`;
      const { rows } = await fromDatabase(pool.query<{ name: NormalName }>(text, [localPart]));
      return rows[0]?.name ?? null;
    },
    note: async (localPart, name) => {
      const text = `insert into ${longName} (local_part, name) values ($1, $2) on conflict do nothing`;
      await fromDatabase(pool.query(text, [localPart, name]));
    },
  };
}
