/** A real pgbouncer in transaction mode in front of a Postgres, on a unix socket. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { serverUser } from "../../src/embedded-postgres/serverUser.js";
import { until } from "../embedded-postgres/holder.js";

const PORT = 6432;
const run = promisify(execFile);

export interface Bouncer {
  /** The user and the database of a service, through the pooler. */
  readonly url: string;
  /** 1.18.0 */
  readonly version: string;
  stop(): Promise<void>;
}

/**
 * @param serverConnections how many it opens to Postgres at most
 * @param settings of its own beyond those of a socket, by their names
 */
export async function startBouncer(
  postgresUrl: string,
  { user, database }: { user: string; database: string },
  serverConnections: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<Bouncer> {
  const { bin, version } = await findBouncer();
  const owner = await serverUser(null); // like Postgres, it does not run as root
  const folder = await mkdtemp("/tmp/signpost-bouncer-");
  const { searchParams, port } = new URL(postgresUrl);
  const socketFolder = searchParams.get("host") ?? "";
  const all = { listen_port: String(PORT), ...settings };
  const config = join(folder, "pgbouncer.ini");
  const users = join(folder, "users.txt");
  await writeFile(users, `"${user}" ""\n`, { mode: 0o644 });
  await writeFile(
    config,
    `[databases]
${database} = host=${socketFolder} port=${port || "5432"} user=${user}
[pgbouncer]
pool_mode = transaction
${Object.entries(all)
  .map(([name, value]) => `${name} = ${value}`)
  .join("\n")}
unix_socket_dir = ${folder}
auth_type = trust
auth_file = ${users}
default_pool_size = ${serverConnections}
max_client_conn = 500
server_login_retry = 1
`,
    { mode: 0o644 },
  );
  if (owner.uid !== undefined && owner.gid !== undefined) {
    await chown(folder, owner.uid, owner.gid);
  }
  const child = spawn(bin, ["-q", config], { ...owner, cwd: folder, stdio: "ignore" });
  const url = `postgresql://${user}@localhost:${all.listen_port}/${database}?host=${encodeURIComponent(folder)}`;
  await until(() => answers(url, child), 10_000);
  return {
    url,
    version,
    stop: async () => {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function findBouncer(): Promise<{ bin: string; version: string }> {
  // Debian puts it where only root looks
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  for (const folder of folders) {
    const bin = join(folder, "pgbouncer");
    try {
      const { stdout } = await run(bin, ["--version"]);
      return { bin, version: /PgBouncer (\S+)/.exec(stdout)?.[1] ?? "unknown" };
    } catch {
      continue;
    }
  }
  throw new Error(
    "There is no pgbouncer here. Install it (Debian and Ubuntu: apt-get install pgbouncer; macOS: brew install pgbouncer), and run this again.",
  );
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) throw new Error("pgbouncer ended by itself");
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
