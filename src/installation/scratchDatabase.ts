/** An empty database for a test or a demonstration, in which whatever is written is thrown away. */
import { randomBytes } from "node:crypto";
import { chown, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { fromDatabase } from "../db/databaseError.js";
import { withSchema } from "../db/pool.js";
import { findBinaries } from "../embedded-postgres/binaries.js";
import { createCluster } from "../embedded-postgres/cluster.js";
import { reachableBinaries } from "../embedded-postgres/reachableBinaries.js";
import { runServer } from "../embedded-postgres/server.js";
import { serverUser } from "../embedded-postgres/serverUser.js";
import { urlOfSocketFolder } from "../embedded-postgres/socketFolder.js";

export interface ScratchDatabase {
  /** Names the schema as well, so that it is all that another program needs. */
  readonly url: string;
  readonly schema: string;
  /** Drops the schema, and those of capabilities beside it. The throw-away server, if one was started, lives as long as this process. */
  close(): Promise<void>;
}

/** In the server at `serverUrl`, or in a throw-away one that this process starts once. */
export async function openScratchDatabase(
  serverUrl = process.env["DATABASE_URL"],
): Promise<ScratchDatabase> {
  const server = serverUrl ?? (await throwAwayServer());
  const schema = `scratch_${process.pid}_${randomBytes(6).toString("hex")}`;
  await once(server, `create schema ${schema}`);
  return {
    url: withSchema(server, schema),
    schema,
    close: () => once(server, dropWithThoseBeside(schema)),
  };
}

function dropWithThoseBeside(schema: string): string {
  return `do $$
    declare each name;
    begin
      for each in
        select nspname from pg_namespace where nspname = '${schema}' or starts_with(nspname, '${schema}_')
      loop
        execute format('drop schema %I cascade', each);
      end loop;
    end $$`;
}

let runningServer: Promise<string> | null = null;

function throwAwayServer(): Promise<string> {
  runningServer ??= startThrowAwayServer();
  return runningServer;
}

async function startThrowAwayServer(): Promise<string> {
  const user = await serverUser(null);
  const bin = await reachableBinaries(await findBinaries(), "/var/lib/signpost", user);
  const folder = await mkdtemp("/tmp/signpost-scratch-"); // short: the socket lies in it
  if (user.uid !== undefined && user.gid !== undefined) await chown(folder, user.uid, user.gid);
  const dataDir = join(folder, "data");
  await createCluster({ bin, dataDir, user, durable: false });
  await runServer({
    bin,
    dataDir,
    socketFolder: folder,
    user,
    logFile: join(folder, "postgres.log"),
    settings: [
      "fsync=off",
      "full_page_writes=off",
      "synchronous_commit=off",
      "max_connections=200",
    ],
    removeAfter: folder,
  });
  return urlOfSocketFolder(folder);
}

async function once(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined); // the statement reports the loss
  try {
    await fromDatabase(client.connect());
    await fromDatabase(client.query(sql));
  } finally {
    await client.end();
  }
}
