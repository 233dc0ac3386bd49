/** Postgres servers to be hurt: each can be killed, frozen, stopped and brought back, and one can follow another. */
import { execFile } from "node:child_process";
import { chown, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { findBinaries } from "../../src/embedded-postgres/binaries.js";
import { createCluster } from "../../src/embedded-postgres/cluster.js";
import { reachableBinaries } from "../../src/embedded-postgres/reachableBinaries.js";
import { type RunningServer, runServer } from "../../src/embedded-postgres/server.js";
import { serverState } from "../../src/embedded-postgres/serverState.js";
import { serverUser } from "../../src/embedded-postgres/serverUser.js";
import { SOCKET_PORT, urlOfSocketFolder } from "../../src/embedded-postgres/socketFolder.js";
import { processesWith, removeFolder, temporaryFolder } from "../childProgram.js";
import { until } from "../embedded-postgres/holder.js";

const run = promisify(execFile);

export interface PostgresServer {
  readonly url: string;
  /** On what is there, after a stop or a kill. */
  start(): Promise<void>;
  /** A fast shutdown: connections are cut, data are written. */
  stop(): Promise<void>;
  /** kill -9 of the server; resolves when no process of it is left. */
  kill(): Promise<void>;
  /** Every process of it stands still, as on a machine that hangs: connections stay open, nothing is answered. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Stops it and deletes its data. */
  remove(): Promise<void>;
}

/** @param settings `name=value` */
export async function startPostgres(...settings: string[]): Promise<PostgresServer> {
  const place = await newPlace();
  await createCluster({ ...place, durable: false });
  return serverOn(place, settings);
}

/** A primary and its hot standby, with streaming replication between them. */
export async function startReplicatedPostgres(): Promise<{
  primary: PostgresServer;
  standby: PostgresServer;
  /** Resolves when the standby has everything that the primary has. */
  caughtUp(): Promise<void>;
}> {
  const [first, second] = [await newPlace(), await newPlace()];
  await createCluster({ ...first, durable: false });
  // no program for a base backup comes with the binaries from npm; of a server that never ran, a copy is one
  await run("cp", ["-a", first.dataDir, second.dataDir]);
  await writeFile(join(second.dataDir, "standby.signal"), "", { mode: 0o644 });
  const primary = await serverOn(first, ["wal_keep_size=128MB"]);
  const standby = await serverOn(second, [
    `primary_conninfo=host=${first.socketFolder} port=${SOCKET_PORT} user=postgres`,
    "wal_retrieve_retry_interval=200ms",
  ]);
  return {
    primary,
    standby,
    caughtUp: async () => {
      const position = await valueOf(primary.url, "select pg_current_wal_lsn()");
      const reached = `select pg_last_wal_replay_lsn() >= '${position}'`;
      await until(async () => (await valueOf(standby.url, reached)) === "true", 10_000);
    },
  };
}

type Place = Awaited<ReturnType<typeof newPlace>>;

async function newPlace() {
  const folder = await temporaryFolder();
  const user = await serverUser(null);
  const bin = await reachableBinaries(await findBinaries(), "/var/lib/signpost", user);
  const socketFolder = join(folder, "socket");
  await mkdir(socketFolder);
  if (user.uid !== undefined && user.gid !== undefined) {
    await chown(folder, user.uid, user.gid);
    await chown(socketFolder, user.uid, user.gid);
  }
  return { folder, user, bin, socketFolder, dataDir: join(folder, "data") };
}

async function serverOn(place: Place, settings: readonly string[]): Promise<PostgresServer> {
  const { folder, dataDir, socketFolder } = place;
  let running: RunningServer;
  const server: PostgresServer = {
    url: urlOfSocketFolder(socketFolder),
    start: async () => {
      running = await runServer({
        ...place,
        logFile: join(folder, "postgres.log"),
        settings: ["fsync=off", ...settings],
      });
    },
    stop: () => running.stop(),
    kill: async () => {
      const processes = await processesOf(dataDir);
      process.kill((await serverState(dataDir))?.postgresPid ?? NaN, "SIGKILL");
      await running.gone;
      await until(() => processes.every((pid) => !exists(pid)), 10_000);
      await rm(join(socketFolder, `.s.PGSQL.${SOCKET_PORT}`), { force: true });
    },
    freeze: async () => {
      for (const pid of await processesOf(dataDir)) process.kill(pid, "SIGSTOP");
    },
    thaw: async () => {
      for (const pid of await processesOf(dataDir)) process.kill(pid, "SIGCONT");
    },
    remove: async () => {
      await running.stop();
      await removeFolder(folder);
    },
  };
  await server.start();
  return server;
}

/** Postgres names its processes after the cluster, except the first, which keeps its command line. */
async function processesOf(dataDir: string): Promise<number[]> {
  const mark = (await serverState(dataDir))?.mark;
  if (typeof mark !== "string") throw new Error(`no server runs on ${dataDir}`);
  const found = await Promise.all(
    (await processesWith(mark)).map(async (pid) => {
      const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      return status.includes("(postgres)") ? pid : null;
    }),
  );
  return found.filter((pid) => pid !== null);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function valueOf(url: string, sql: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: "array" });
    return String(rows[0]?.[0]);
  } finally {
    await client.end();
  }
}
