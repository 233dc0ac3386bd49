/** Secrets of some rows, in a table of their own, which is made with the first one: an installation without needs no data keys. */
import pg from "pg";
import type { KeyPart, SealedColumn } from "../sealing/place.js";
import type { Secrets } from "../sealing/secrets.js";
import { plainBytes } from "./bytea.js";
import { fromDatabase } from "./databaseError.js";
import { migrate, schemaOf, type Tables, usableSchema } from "./migrate.js";
import type { Pool } from "./pool.js";

export interface SecretTable<Row extends KeyPart> {
  /** Kept once more, it becomes the new one. Throws SECRETS_KEY_MISSING without a key of the operator's. */
  keep(row: Row, secret: string): Promise<void>;
  /** Null where there is none. Throws what `Secrets.read` does. */
  open(row: Row): Promise<string | null>;
  drop(row: Row): Promise<void>;
}

/**
 * @param place its capability names the schema of the table, beside the registry's
 * @param migrations of the table
 */
export function secretTable<Row extends KeyPart>(
  pool: Pool,
  secrets: Secrets,
  place: SealedColumn,
  migrations: () => Promise<Tables["migrations"]>,
): SecretTable<Row> {
  const { capability, table: itsName, column } = place;
  const key = place.primaryKey[0]?.column ?? "";
  const placeOf = (row: Row) => ({ column: place, row: [row] });
  const ask = (text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<{ secret: Buffer }>(text, [...values]));

  /** Null while there is none. */
  async function table(): Promise<string | null> {
    const schema = pg.escapeIdentifier(schemaOf(capability, await usableSchema(pool)));
    const name = `${schema}.${itsName}`;
    const { rows } = await fromDatabase(
      pool.query<{ exists: boolean }>("select to_regclass($1) is not null as exists", [name]),
    );
    return rows[0]?.exists === true ? name : null;
  }

  return {
    keep: async (row, secret) => {
      // brings the table of data keys, which ours refers to
      await secrets.check();
      await migrate(pool, { capability, migrations: await migrations() });
      const name = (await table()) ?? itsName;
      await secrets.write(placeOf(row), new TextEncoder().encode(secret), (sealed) =>
        ask(
          `insert into ${name} (${key}, ${column}) values ($1, $2)
           on conflict (${key}) do update set ${column} = excluded.${column}`,
          [row, sealed],
        ),
      );
    },
    open: async (row) => {
      const name = await table();
      if (name === null) return null;
      const secret = await secrets.read(placeOf(row), async () => {
        const text = `select ${column} as secret from ${name} where ${key} = $1`;
        const { rows } = await ask(text, [row]);
        return rows[0] ? plainBytes(rows[0].secret) : null;
      });
      return secret && new TextDecoder().decode(secret);
    },
    drop: async (row) => {
      const name = await table();
      if (name !== null) await ask(`delete from ${name} where ${key} = $1`, [row]);
    },
  };
}
