/** A service's own Postgres: a second, real server, reached over TCP by a role without rights, with a table of users. */
import { readFile, writeFile } from "node:fs/promises";
import pg from "pg";
import { freePort } from "../../src/demo/freePort.js";
import {
  type PostgresSettings,
  postgresSettings,
} from "../../src/registry/sources/postgresSettings.js";
import { type PostgresServer, startPostgres } from "../faults/postgresServer.js";

export const SERVICE_USER = "signpost_reader";
export const SERVICE_PASSWORD = "a password with 'quotes' and \\";

export interface ServicePostgres {
  readonly server: PostgresServer;
  readonly port: number;
  /** Of its administrator, by its socket. */
  readonly url: string;
  /** As the service's own administrator. */
  sql(text: string, values?: readonly unknown[]): Promise<pg.QueryResult<Record<string, unknown>>>;
  /** Lets a user in without a password. */
  trust(user: string): Promise<void>;
  settings(changes?: object): PostgresSettings;
  /** Puts a user's row there, or replaces it. */
  put(username: string, row: Readonly<Record<string, string | null>>): Promise<void>;
  remove(): Promise<void>;
}

const USERS = `
  create table users (
    username text not null,
    wallet text,
    profile text,
    avatar text,
    bio text,
    btc bytea
  );
  create index users_username on users (username);`;

/**
 * @param options `hasUsers`: whether our role and the table are there already; `settings` of the server, `name=value`
 */
export async function startServicePostgres({
  hasUsers = true,
  settings = [] as string[],
} = {}): Promise<ServicePostgres> {
  const port = await freePort();
  const server = await startPostgres("listen_addresses=127.0.0.1", `port=${port}`, ...settings);
  const url = server.url.replace(/localhost:\d+/, `localhost:${port}`);
  const sql: ServicePostgres["sql"] = async (text, values = []) => {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    try {
      // without values a text may hold several statements
      return await (values.length === 0 ? client.query(text) : client.query(text, [...values]));
    } finally {
      await client.end();
    }
  };
  const { rows } = await sql("show hba_file");
  const allow = async (user: string, method: string) => {
    const file = String(rows[0]?.["hba_file"]);
    // the cluster refuses every host, and the first line that matches counts
    const before = await readFile(file, "utf8");
    await writeFile(file, `host all ${user} 127.0.0.1/32 ${method}\n${before}`);
    await sql("select pg_reload_conf()");
  };
  await allow("all", "scram-sha-256");
  if (hasUsers)
    await sql(`
    create role ${SERVICE_USER} login password ${pg.escapeLiteral(SERVICE_PASSWORD)};
    ${USERS}
    grant select on users to ${SERVICE_USER};`);
  return {
    ...{ server, port, url, sql },
    trust: (user) => allow(user, "trust"),
    settings: (changes = {}) => postgresSettings.parse({ ...settingsOf(port), ...changes }),
    put: async (username, row) => {
      const columns = ["username", ...Object.keys(row)];
      const values = [username, ...Object.values(row)];
      await sql("delete from users where username = $1", [username]);
      await sql(
        `insert into users (${columns.join(", ")}) values (${values.map((_, at) => `$${at + 1}`).join(", ")})`,
        values,
      );
    },
    remove: () => server.remove(),
  };
}

function settingsOf(port: number) {
  return {
    kind: "postgres",
    host: "127.0.0.1",
    port,
    database: "postgres",
    user: SERVICE_USER,
    tls: "off",
    network: "127.0.0.0/8",
    schema: "public",
    table: "users",
    columns: {
      label: "username",
      wallet: "wallet",
      profile: "profile",
      texts: { avatar: "avatar", description: "bio" },
      addresses: { "0": "btc" },
    },
  };
}
