/** The secrets of sources: in a table of their own, which is made with the first one. */
import pg from "pg";
import type { SourceSecrets } from "../registry/sources/sourceSecrets.js";
import type { SealedColumn } from "../sealing/place.js";
import type { Secrets } from "../sealing/secrets.js";
import { plainBytes } from "./bytea.js";
import { fromDatabase } from "./databaseError.js";
import { migrate, schemaOf, type Tables, usableSchema } from "./migrate.js";
import type { Pool } from "./pool.js";

/** Its tables lie in a schema of this name beside the registry's. */
const SOURCES = "registry_sources";

export const SOURCE_SECRET: SealedColumn = {
  capability: SOURCES,
  table: "source_secret",
  column: "secret",
  primaryKey: [{ column: "source", type: "bigint" }],
  dataKeyColumn: "secret_key",
};

/** @param migrations of the table */
export function sourceSecrets(
  pool: Pool,
  secrets: Secrets,
  migrations: () => Promise<Tables["migrations"]>,
): SourceSecrets {
  const placeOf = (source: string) => ({ column: SOURCE_SECRET, row: [BigInt(source)] });
  const ask = (text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<{ secret: Buffer }>(text, [...values]));

  /** Null while there is none. */
  async function table(): Promise<string | null> {
    const name = `${pg.escapeIdentifier(schemaOf(SOURCES, await usableSchema(pool)))}.source_secret`;
    const { rows } = await fromDatabase(
      pool.query<{ exists: boolean }>("select to_regclass($1) is not null as exists", [name]),
    );
    return rows[0]?.exists === true ? name : null;
  }

  return {
    keep: async (source, secret) => {
      // brings the table of data keys, which ours refers to
      await secrets.check();
      await migrate(pool, { capability: SOURCES, migrations: await migrations() });
      const name = (await table()) ?? "source_secret";
      await secrets.write(placeOf(source), new TextEncoder().encode(secret), (sealed) =>
        ask(
          `insert into ${name} (source, secret) values ($1, $2)
           on conflict (source) do update set secret = excluded.secret`,
          [source, sealed],
        ),
      );
    },
    open: async (source) => {
      const name = await table();
      if (name === null) return null;
      const secret = await secrets.read(placeOf(source), async () => {
        const { rows } = await ask(`select secret from ${name} where source = $1`, [source]);
        return rows[0] ? plainBytes(rows[0].secret) : null;
      });
      return secret && new TextDecoder().decode(secret);
    },
    drop: async (source) => {
      const name = await table();
      if (name !== null) await ask(`delete from ${name} where source = $1`, [source]);
    },
  };
}
