/** Where servers are measured beside one another: a durable Postgres for all, a schema for each, and what they need to start. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { SignpostError } from "../../src/errors.js";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { openBenchServer } from "../data/benchServer.js";
import { compilePrograms } from "../servers/compilePrograms.js";

const OWN_FOLDER = fileURLToPath(new URL("../../.signpost", import.meta.url));

export interface Places {
  readonly databaseUrl: string;
  readonly programs: string;
  readonly peopleFile: string;
  readonly keyFile: string;
}

export interface BenchPlace extends Omit<Places, "peopleFile"> {
  /** For files; it goes in the end. */
  readonly folder: string;
  /** Makes an empty schema, and stops what `start` gives in the end. */
  start<Server extends { stop(): Promise<void> }>(
    schema: string,
    start: () => Promise<Server>,
  ): Promise<Server>;
}

/** Takes everything away again, also when it is interrupted. Throws INTERNAL where Postgres answers before it has written. */
export async function inBenchPlace(run: (place: BenchPlace) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "signpost-bench-"));
  const postgres = await openBenchServer(OWN_FOLDER, true);
  const programs = await compilePrograms(OWN_FOLDER);
  const keyFile = join(folder, "secrets.key");
  const running: { stop(): Promise<void> }[] = [];
  const schemas: string[] = [];
  const ask = (sql: string) => once(postgres.url, sql);

  let closing: Promise<void> | undefined;
  const close = () => (closing ??= closeAll());
  const stop = () => void close().finally(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);

  async function closeAll(): Promise<void> {
    for (const server of running) await server.stop();
    for (const schema of schemas) await ask(`drop schema if exists ${schema} cascade`);
    await postgres.stop();
    for (const made of [folder, programs]) await rm(made, { recursive: true, force: true });
  }

  try {
    const { rows } = await ask("show synchronous_commit");
    if (rows[0]?.["synchronous_commit"] !== "on") throw notDurable();
    await makeKeyFile(keyFile);
    await run({
      ...{ folder, programs, keyFile, databaseUrl: postgres.url },
      start: async (schema, start) => {
        await ask(`create schema ${schema}`);
        schemas.push(schema);
        const server = await start();
        running.push(server);
        return server;
      },
    });
  } finally {
    await close();
  }
}

async function once(url: string, sql: string): Promise<pg.QueryResult<Record<string, string>>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

function notDurable(): SignpostError {
  const sentence = "Postgres answers before it has written: set synchronous_commit=on.";
  return new SignpostError("INTERNAL", sentence);
}
