/** The database of this installation, for a command beside the service. */
import { openPool, type Pool } from "../db/pool.js";
import { installationSettings } from "../settings/installationSettings.js";
import { readSettings } from "../settings/settingsPart.js";
import { attachDatabase } from "./database.js";

/** Says on standard error which database it is: a program reads standard output. */
export async function withInstallationPool<T>(work: (pool: Pool) => Promise<T>): Promise<T> {
  const config = readSettings([installationSettings], process.env)(installationSettings);
  const database = await attachDatabase(config);
  console.error(`signpost: working on ${database.description}`);
  const pool = openPool({ url: database.url, pooler: config.databasePooler });
  try {
    return await work(pool);
  } finally {
    await pool.end();
    await database.stop();
  }
}
