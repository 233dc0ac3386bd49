/** An empty database for a test or a demonstration, in which whatever is written is thrown away. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { fromDatabase } from "../db/databaseError.js";
import { withSchema } from "../db/pool.js";
import { findBinaries } from "../embedded-postgres/binaries.js";
import { startThrowAwayServer } from "../embedded-postgres/throwAwayServer.js";

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
  runningServer ??= findBinaries().then(startThrowAwayServer);
  return runningServer;
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
