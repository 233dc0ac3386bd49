/** The database of an installation: yours, when DATABASE_URL names it; the embedded one otherwise. */
import { join } from "node:path";
import {
  findEmbeddedPostgres,
  startEmbeddedPostgres,
} from "../embedded-postgres/embeddedPostgres.js";
import type { InstallationConfig } from "../settings/installationSettings.js";

export interface Database {
  readonly url: string;
  /** For people: what it is and where its data lie; no secret in it. */
  readonly description: string;
  /** Called when our own server ends without having been asked to; never for yours, which comes back by itself. */
  onLost(report: () => void): void;
  stop(): Promise<void>;
}

/** For the service, which runs the embedded server itself. */
export async function startDatabase(config: InstallationConfig): Promise<Database> {
  const { databaseUrl } = config.secrets;
  if (databaseUrl !== null) return theirs(databaseUrl, "the Postgres of DATABASE_URL");
  const server = await startEmbeddedPostgres({ dir: embeddedFolder(config) });
  let stopping = false;
  return {
    url: server.url,
    description: `embedded Postgres, data in ${server.dataDir}`,
    onLost: (report) => {
      void server.gone.then(() => {
        if (!stopping) report();
      });
    },
    stop: () => {
      stopping = true;
      return server.stop();
    },
  };
}

/** For a command beside the service: the embedded server of a running service, or one of its own meanwhile. */
export async function attachDatabase(config: InstallationConfig): Promise<Database> {
  const { databaseUrl } = config.secrets;
  if (databaseUrl !== null) return theirs(databaseUrl, "the Postgres of DATABASE_URL");
  const url = await findEmbeddedPostgres({ dir: embeddedFolder(config) });
  if (url === null) return startDatabase(config);
  return theirs(url, "the running service's embedded Postgres");
}

/** A server that somebody else starts and stops. */
function theirs(url: string, description: string): Database {
  return { url, description, onLost: () => undefined, stop: () => Promise.resolve() };
}

function embeddedFolder({ directory }: InstallationConfig): string {
  return join(directory, "postgres");
}
