/** Commands beside the service, on the database of this installation. */
import { domainStore } from "../db/domainStore.js";
import { migrate } from "../db/migrate.js";
import { nameStore } from "../db/nameStore.js";
import { openPool } from "../db/pool.js";
import { recordSource } from "../db/recordSource.js";
import { attachDatabase } from "../installation/database.js";
import type { RecordSource, RegistryStores } from "../registry/store.js";
import { readConfig } from "../settings/config.js";
import { jsonText } from "./jsonText.js";

export interface Installation extends RegistryStores {
  readonly records: RecordSource;
}

/** Runs `work` on this installation's database, brought up to date. */
export async function withInstallation<T>(
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const config = readConfig(process.env);
  const database = await attachDatabase(config);
  // for the person; a program reads standard output
  console.error(`signpost: working on ${database.description}`);
  const pool = openPool({ url: database.url, pooler: config.databasePooler });
  try {
    await migrate(pool);
    return await work({
      names: nameStore(pool),
      domains: domainStore(pool),
      records: recordSource(pool),
    });
  } finally {
    await pool.end();
    await database.stop();
  }
}

export function print(
  flags: { readonly json?: true },
  facts: unknown,
  lines: readonly string[],
): void {
  console.log(flags.json ? jsonText(facts) : lines.join("\n"));
}
