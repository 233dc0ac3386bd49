/** The database of this installation, for a command beside the service. */
import { isInstalled } from "../db/migrationTable.js";
import { openPool, type Pool } from "../db/pool.js";
import { SignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";
import { installationSettings } from "../settings/installationSettings.js";
import { readSettings } from "../settings/settingsPart.js";
import { attachDatabase, type Database, type WhereNone } from "./database.js";

/** In characters. */
const LONGEST_MESSAGE = 2_000;

/** A command that looks several times says once where. */
let lastTold: string | null = null;

/**
 * Says on standard error which database it is: a program reads standard output.
 * @throws INVALID_CONFIGURATION where there is no installation, and that is refused
 */
export async function withInstallationPool<T>(
  work: (pool: Pool, database: Pick<Database, "description">) => Promise<T>,
  whereNone: WhereNone = "refuse",
): Promise<T> {
  const config = readSettings([installationSettings], process.env)(installationSettings);
  const tell = (sentence: string) => {
    console.error(`signpost: ${sentence}`);
  };
  let failure: unknown = null;
  const tellWaiting = (sentence: string) => {
    // it may wait for long, and whoever ends it then would never hear why
    if (failure !== null) tell(`this failed: ${messageOf(failure)}`);
    tell(failure === null ? `done; ${sentence}` : sentence);
  };
  const database = await attachDatabase(config, whereNone, tellWaiting);
  if (database.description !== lastTold) tell(`working on ${database.description}`);
  lastTold = database.description;
  const pool = openPool({ url: database.url, pooler: config.databasePooler });
  try {
    if (whereNone === "refuse" && !(await isInstalled(pool))) throw neverUsed(database);
    return await work(pool, database);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await pool.end();
    await database.stop();
  }
}

function messageOf(failure: unknown): string {
  return foreignText(failure instanceof Error ? failure.message : String(failure), LONGEST_MESSAGE);
}

function neverUsed({ description }: Pick<Database, "description">): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `No service ever ran on this database: ${description}. Give this command the DATABASE_URL of the service, or start the service first.`,
  );
}
