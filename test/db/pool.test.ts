import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import pg from "pg";
import { registryTables } from "../../src/capabilities/registry/migrations.js";
import { fromDatabase } from "../../src/db/databaseError.js";
import { domainStore } from "../../src/db/domainStore.js";
import { migrate } from "../../src/db/migrate.js";
import { openPool, placeOfDatabase } from "../../src/db/pool.js";
import { inTransaction } from "../../src/db/transaction.js";
import { startEmbeddedPostgres } from "../../src/embedded-postgres/embeddedPostgres.js";
import type { SignpostError } from "../../src/errors.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { newApiKey } from "../../src/registry/domains/apiKey.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { expectError, expectRejection } from "../expectError.js";
import { bytes, DOMAIN } from "./sampleNames.js";

describe("db/pool: a connection that is lost", () => {
  it("at the very moment in which it is handed out does not end the process", async () => {
    const server = await partingServer();
    const { port } = server.address() as AddressInfo;
    const pool = openPool({ url: `postgresql://u@127.0.0.1:${port}/d`, connectTimeoutMs: 1_000 });
    try {
      // an "error" event that nobody listens to would be an uncaught exception, which fails the test
      for (let attempt = 0; attempt < 3; attempt++) {
        const lost = /did not answer/;
        const change = inTransaction(pool, () => Promise.resolve());
        await expectRejection(change, "DATABASE_UNAVAILABLE", lost);
        const statement = fromDatabase(pool.query("select 1"));
        await expectRejection(statement, "DATABASE_UNAVAILABLE", lost);
        const connection = await pool.connect();
        await delay(20);
        connection.release(true);
      }
    } finally {
      await pool.end();
      server.close();
    }
  });

  it("is told while the pool is in use, and not when it was closed", async () => {
    const database = await openScratchDatabase();
    const told: SignpostError[] = [];
    const pool = openPool({ url: database.url, onConnectionLost: (error) => told.push(error) });
    const connections: pg.PoolClient[] = [];
    pool.on("connect", (connection) => connections.push(connection));
    try {
      await pool.query("select 1");
      connections[0]?.emit("error", new Error("lost"));
      expect(told).to.have.length(1);
      await pool.query("select 1");
      expect(connections).to.have.length(2);
    } finally {
      await pool.end();
    }
    // its server stops before the connection has ended
    connections[1]?.emit("error", new Error("lost"));
    expect(told).to.have.length(1);
    await database.close();
  });

  it("under load, by termination and by restarts of the server, does not end the process", async function () {
    this.timeout(180_000);
    const folder = await temporaryFolder();
    const dir = `${folder}/postgres`;
    let postgres = await startEmbeddedPostgres({ dir });
    let program: Program | undefined;
    try {
      await prepare(postgres.url);
      program = startProgram(postgres.url);
      const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
      expect((await lines.next()).value).to.equal("working");

      await terminateBackends(postgres.url, 800);
      for (let restart = 0; restart < 2; restart++) {
        await postgres.stop(); // a fast shutdown
        await delay(50);
        postgres = await startEmbeddedPostgres({ dir });
        await delay(200);
      }

      expect(program.exitCode, "still running").to.equal(null);
      program.stdin.write("stop\n");
      const line = String((await lines.next()).value);
      expect(await exitCode(program), line).to.equal(0);
      const { answers, counts } = JSON.parse(line) as Told;
      expect(answers).to.equal(true);
      expect(counts).to.have.all.keys("done", "DATABASE_UNAVAILABLE");
      expect(counts["done"]).to.be.above(0);
      expect(counts["DATABASE_UNAVAILABLE"]).to.be.above(0);
    } finally {
      program?.kill("SIGKILL");
      await postgres.stop();
      await removeFolder(folder);
    }
  });
});

interface Told {
  readonly answers: boolean;
  /** How often each came: "done", or the code of an error. */
  readonly counts: Readonly<Record<string, number>>;
}

type Program = ChildProcessByStdio<Writable, Readable, null>;

function startProgram(url: string): Program {
  const program = fileURLToPath(new URL("writeProgram.ts", import.meta.url));
  const args = ["--import", "tsx", program, url];
  return spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
}

async function exitCode(child: Program): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

async function prepare(url: string): Promise<void> {
  const pool = openPool({ url });
  await migrate(pool, await registryTables());
  const served = { chainId: 1n, resolver: bytes(20, 9), domain: DOMAIN };
  await domainStore(pool).addDomain(served, newApiKey("key"));
  await pool.end();
}

/** Ends every connection of the program, again and again. */
async function terminateBackends(url: string, forMs: number): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'writer'",
    );
    await delay(5);
  }
  await admin.end();
}

/**
 * A server that is shut down in the moment in which it accepts a connection: that it is ready, and that it goes,
 * arrive together, as they do over a slow network.
 */
async function partingServer(): Promise<Server> {
  const message = (type: string, ...body: Buffer[]) => {
    const head = Buffer.alloc(5, type);
    const content = Buffer.concat(body);
    head.writeInt32BE(content.length + 4, 1);
    return Buffer.concat([head, content]);
  };
  const authenticated = message("R", Buffer.alloc(4));
  const ready = message("Z", Buffer.from("I"));
  const goodbye = message("E", Buffer.from("SFATAL\0C57P01\0Mterminating connection\0\0"));
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(Buffer.concat([authenticated, ready, goodbye])));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

describe("db/pool: the place of a database, for people", () => {
  it("is its name and its host, and never a user's password", () => {
    for (const [url, place] of [
      ["postgresql://u:hunter2@db.example.com/signpost", "signpost on db.example.com:5432"],
      ["postgres://u:hunter2@[::1]:6432/a%20b", "a b on ::1:6432"],
      ["postgresql://u:hunter2@/d?host=/tmp/socket", "d at the socket in /tmp/socket"],
    ] as const) {
      expect(placeOfDatabase(url)).to.equal(place);
    }
  });

  it("is a wrong setting where the URL is none, and does not repeat it", () => {
    for (const url of ["hunter2", "postgres://u:hunter2@h/d?sslrootcert=/none.pem"]) {
      const error = expectError(
        () => placeOfDatabase(url),
        "INVALID_CONFIGURATION",
        /^The database URL is not one/,
      );
      expect(error.message).not.to.include("hunter2");
    }
  });
});
