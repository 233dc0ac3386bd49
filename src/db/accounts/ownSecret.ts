/** A service's own secrets, sealed in a table `(name, value)`: each is made once, by whichever process comes first. */
import { SignpostError } from "../../errors.js";
import type { SealedColumn } from "../../sealing/place.js";
import type { Secrets } from "../../sealing/secrets.js";
import { plainBytes } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";

interface OwnSecrets {
  /** Where they lie: the table itself, and as it is sealed with them. */
  readonly table: string;
  readonly column: SealedColumn;
}

/** The secret of this name; `make` where there is none yet. Throws as `Secrets`. */
export async function ownSecret(
  pool: Pool,
  { table, column }: OwnSecrets,
  secrets: Secrets,
  name: string,
  make: () => Uint8Array,
): Promise<Uint8Array> {
  const place = { column, row: [name] };
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
  if (made !== null) return made;
  throw new SignpostError("INTERNAL", `The secret ${name} of ${column.capability} was not kept.`);
}
