/** The node's own secrets, sealed: each is made once, by whichever process comes first. */
import { SignpostError } from "../../errors.js";
import type { SealedColumn } from "../../sealing/place.js";
import type { Secrets } from "../../sealing/secrets.js";
import { plainBytes } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { RelayTables } from "./relayTables.js";

export const NODE_SECRET: SealedColumn = {
  capability: "relay",
  table: "node_secret",
  column: "value",
  primaryKey: [{ column: "name", type: "text" }],
  dataKeyColumn: "value_data_key",
};

/** The secret of this name; `make` where there is none yet. Throws as `Secrets`. */
export async function nodeSecret(
  pool: Pool,
  { secret: table }: RelayTables,
  secrets: Secrets,
  name: string,
  make: () => Uint8Array,
): Promise<Uint8Array> {
  const place = { column: NODE_SECRET, row: [name] };
  const read = () =>
    secrets.read(place, async () => {
      const text = `select value from ${table} where name = $1`;
      const { rows } = await fromDatabase(pool.query<{ value: Buffer }>(text, [name]));
      return rows[0] === undefined ? null : plainBytes(rows[0].value);
    });
  const known = await read();
  if (known !== null) return known;
  await secrets.write(place, make(), async (sealed) => {
    const text = `insert into ${table} (name, value) values ($1, $2) on conflict do nothing`;
    await fromDatabase(pool.query(text, [name, sealed]));
  });
  const made = await read();
  if (made === null) {
    throw new SignpostError("INTERNAL", `The secret ${name} of the relay node was not kept.`);
  }
  return made;
}
