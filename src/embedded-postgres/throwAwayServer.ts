/** A server for tests and demonstrations: fast, with an empty cluster, and gone with this process. */
import { chown, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { Binaries } from "./binaries.js";
import { createCluster } from "./cluster.js";
import { reachableBinaries } from "./reachableBinaries.js";
import { runServer } from "./server.js";
import { serverUser } from "./serverUser.js";
import { urlOfSocketFolder } from "./socketFolder.js";

/** Returns its URL. */
export async function startThrowAwayServer(binaries: Binaries): Promise<string> {
  const user = await serverUser(null);
  const bin = await reachableBinaries(binaries, "/var/lib/signpost", user);
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
      // plans that a test looks at are the same ones however long it took
      "autovacuum=off",
    ],
    removeAfter: folder,
  });
  return urlOfSocketFolder(folder);
}
