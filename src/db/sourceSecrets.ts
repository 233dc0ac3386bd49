/** The secrets of sources. */
import type { SourceSecrets } from "../registry/sources/sourceSecrets.js";
import type { SealedColumn } from "../sealing/place.js";
import type { Secrets } from "../sealing/secrets.js";
import type { Tables } from "./migrate.js";
import type { Pool } from "./pool.js";
import { secretTable } from "./secretTable.js";

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
  const table = secretTable<bigint>(pool, secrets, SOURCE_SECRET, migrations);
  return {
    keep: (source, secret) => table.keep(BigInt(source), secret),
    open: (source) => table.open(BigInt(source)),
    drop: (source) => table.drop(BigInt(source)),
  };
}
