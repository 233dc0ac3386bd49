/** The database of an installation: yours, when DATABASE_URL names it; the embedded one otherwise. */
import { join } from "node:path";
import type { Config } from "./config.js";
import { findEmbeddedPostgres, startEmbeddedPostgres } from "./db/embedded/embeddedPostgres.js";

export interface Database {
  readonly url: string;
  /** For people: what it is and where its data lie; no secret in it. */
  readonly description: string;
  stop(): Promise<void>;
}

/** For the service, which runs the embedded server itself. */
export async function startDatabase(config: Config): Promise<Database> {
  const { databaseUrl } = config.secrets;
  if (databaseUrl !== null) return yours(databaseUrl);
  const server = await startEmbeddedPostgres({ dir: embeddedFolder(config) });
  return {
    url: server.url,
    description: `embedded Postgres, data in ${server.dataDir}`,
    stop: () => server.stop(),
  };
}

/** For a command beside the service: the embedded server of a running service, or one of its own meanwhile. */
export async function attachDatabase(config: Config): Promise<Database> {
  const { databaseUrl } = config.secrets;
  if (databaseUrl !== null) return yours(databaseUrl);
  const url = await findEmbeddedPostgres({ dir: embeddedFolder(config) });
  if (url === null) return startDatabase(config);
  return {
    url,
    description: "the running service's embedded Postgres",
    stop: () => Promise.resolve(),
  };
}

function yours(url: string): Database {
  return { url, description: "the Postgres of DATABASE_URL", stop: () => Promise.resolve() };
}

function embeddedFolder({ directory }: Config): string {
  return join(directory, "postgres");
}
