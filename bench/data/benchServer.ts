/** One Postgres for every server under test: yours, when DATABASE_URL names it; else one that is thrown away. */
import { chown, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { findBinaries } from "../../src/embedded-postgres/binaries.js";
import { createCluster } from "../../src/embedded-postgres/cluster.js";
import { makeSystemDir } from "../../src/embedded-postgres/dataFolder.js";
import { reachableBinaries } from "../../src/embedded-postgres/reachableBinaries.js";
import { runServer } from "../../src/embedded-postgres/server.js";
import { serverState } from "../../src/embedded-postgres/serverState.js";
import { canReach, type ServerUser, serverUser } from "../../src/embedded-postgres/serverUser.js";
import { urlOfSocketFolder } from "../../src/embedded-postgres/socketFolder.js";

/** Where root puts what the server's user could not reach otherwise. */
const SYSTEM_FOLDER = "/var/lib/signpost";

export interface BenchServer {
  readonly url: string;
  /** Null for yours. */
  readonly postgresPid: number | null;
  stop(): Promise<void>;
}

/**
 * Ten million names take about 10 GB, so the data lie below `folder`, not in a temporary one, until the end.
 * @param durable whether a commit is on the disk before it is told, as in production; it costs every writer the same
 */
export async function openBenchServer(folder: string, durable = false): Promise<BenchServer> {
  const yours = process.env["DATABASE_URL"];
  if (yours !== undefined && yours !== "") {
    return { url: yours, postgresPid: null, stop: () => Promise.resolve() };
  }
  const user = await serverUser(null);
  const bin = await reachableBinaries(await findBinaries(), SYSTEM_FOLDER, user);
  const place = await makePlace(folder, user);
  const socketFolder = await ownedFolder("/tmp/signpost-bench-", user); // short: the socket lies in it
  const dataDir = join(place, "data");
  await createCluster({ bin, dataDir, user, durable: false });
  const server = await runServer({
    bin,
    dataDir,
    socketFolder,
    user,
    logFile: join(place, "postgres.log"),
    settings: [
      ...(durable
        ? ["fsync=on", "synchronous_commit=on"]
        : ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]),
      "max_connections=200",
      // a checkpoint, or a vacuum, in the middle of one server's turn would count against that server
      "checkpoint_timeout=1h",
      "max_wal_size=20GB",
      "autovacuum=off",
      "maintenance_work_mem=512MB",
      "log_checkpoints=off",
    ],
    removeAfter: place,
  });
  const state = await serverState(dataDir);
  return {
    url: urlOfSocketFolder(socketFolder),
    postgresPid: state?.postgresPid ?? null,
    stop: async () => {
      await server.stop();
      // the server's user could empty its folder, but not remove it
      for (const made of [place, socketFolder]) await rm(made, { recursive: true, force: true });
    },
  };
}

async function makePlace(folder: string, user: ServerUser): Promise<string> {
  await mkdir(folder, { recursive: true });
  const wanted = await realpath(folder);
  if (await canReach(user, wanted)) return ownedFolder(join(wanted, "bench-"), user);
  await makeSystemDir(SYSTEM_FOLDER);
  return ownedFolder(join(SYSTEM_FOLDER, "bench-"), user);
}

async function ownedFolder(prefix: string, { uid, gid }: ServerUser): Promise<string> {
  const folder = await mkdtemp(prefix);
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  return folder;
}
