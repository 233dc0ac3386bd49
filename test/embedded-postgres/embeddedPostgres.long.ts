import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { fromDatabase } from "../../src/db/databaseError.js";
import { openPool } from "../../src/db/pool.js";
import {
  findEmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../src/embedded-postgres/embeddedPostgres.js";
import { socketFolderOf } from "../../src/embedded-postgres/socketFolder.js";
import { isAlive } from "../../src/embedded-postgres/unfinished.js";
import { expectRejection } from "../expectError.js";
import {
  childrenOf,
  hasEnded,
  kill,
  namesIn,
  parentOf,
  postgresPid,
  startHolder,
  until,
} from "./holder.js";

describe("db/embedded", function () {
  this.timeout(180_000);
  let root: string;
  let dir: string;
  let stops: (() => Promise<unknown>)[];

  beforeEach(async () => {
    root = await realpath(await mkdtemp("/tmp/signpost-test-"));
    if (process.getuid?.() === 0) await chmod(root, 0o755);
    // deeper than a socket's path may be long
    dir = join(root, ...Array.from({ length: 8 }, (_, i) => `deep-folder-${i}`), "postgres");
    stops = [];
  });

  afterEach(async () => {
    for (const stop of stops) await stop();
    await rm(socketFolderOf(join(dir, "data")), { recursive: true, force: true });
    await rm(root, { recursive: true, force: true, maxRetries: 6, retryDelay: 100 });
  });

  async function start() {
    const server = await startEmbeddedPostgres({ dir });
    stops.push(() => server.stop());
    return server;
  }

  function hold() {
    const holder = startHolder(dir);
    stops.push(async () => {
      if (holder.process.exitCode === null && holder.process.signalCode === null) {
        await kill(holder.process);
      }
    });
    return holder;
  }

  it("keeps its data over a stop and a start, and a pool finds it again", async () => {
    expect(dir.length).to.be.above(107);
    const first = await start();
    expect(first.dataDir).to.equal(join(dir, "data"));
    const pool = openPool({ url: first.url });
    await pool.query("create table kept as select 1 as value");
    const { rows: settings } = await pool.query(
      "select current_setting('fsync') as fsync, current_setting('listen_addresses') as listens",
    );
    expect(settings).to.deep.equal([{ fsync: "on", listens: "" }]);
    const read = () => fromDatabase(pool.query("select value from kept"));
    expect((await read()).rows).to.deep.equal([{ value: 1 }]);

    await first.stop();
    await first.stop(); // again: no matter
    expect(await findEmbeddedPostgres({ dir })).to.equal(null);
    for (let i = 0; i < 3; i++) await expectRejection(read(), "DATABASE_UNAVAILABLE", /try again/);

    const second = await start();
    expect(second.url).to.equal(first.url);
    expect((await read()).rows).to.deep.equal([{ value: 1 }]);
    expect(await findEmbeddedPostgres({ dir })).to.equal(second.url);
    await pool.end();
  });

  it("dies with its process, even on kill -9, and starts again at once", async () => {
    const holder = hold();
    const { url, dataDir } = await holder.started;
    const pool = openPool({ url });
    await pool.query("create table kept as select 1 as value");
    await pool.end();
    const pid = await postgresPid(dataDir);
    await kill(holder.process);
    const server = await start();
    expect(isAlive(pid), "the former server").to.equal(false);
    const again = openPool({ url: server.url });
    expect((await again.query("select value from kept")).rows).to.deep.equal([{ value: 1 }]);
    await again.end();
  });

  if (process.platform === "linux") {
    it("stops a server whose supervisor was killed as well", async () => {
      const holder = hold();
      const { dataDir } = await holder.started;
      const pid = await postgresPid(dataDir);
      const supervisor = await parentOf(pid);
      expect(await parentOf(supervisor)).to.equal(holder.process.pid);
      for (const child of await childrenOf(supervisor)) {
        if (child !== pid) process.kill(child, "SIGKILL"); // watches the pipe
      }
      process.kill(supervisor, "SIGKILL");
      await kill(holder.process);
      expect(await hasEnded(pid)).to.equal(false);
      await start();
      expect(await hasEnded(pid), "the former server has ended").to.equal(true);
    });
  }

  it("refuses a second process, tells it who holds the data, and leaves no orphan", async () => {
    const holder = hold();
    const { url, dataDir } = await holder.started;
    const error = await expectRejection(
      startEmbeddedPostgres({ dir }),
      "INVALID_CONFIGURATION",
      RegExp(`in use by process ${holder.process.pid ?? 0}.*DATABASE_URL`),
    );
    expect(error.details).to.deep.include({ holderPid: holder.process.pid });
    expect(await findEmbeddedPostgres({ dir })).to.equal(url);
    const pid = await postgresPid(dataDir);
    await kill(holder.process);
    await until(() => !isAlive(pid), 5_000);
    expect(await findEmbeddedPostgres({ dir })).to.equal(null);
  });

  it("lets one of two processes win that start for the first time together", async () => {
    const outcomes = await Promise.allSettled([start(), start()]);
    const statuses = outcomes.map(({ status }) => status).sort();
    expect(statuses).to.deep.equal(["fulfilled", "rejected"]);
    const lost = outcomes.find(({ status }) => status === "rejected");
    await expectRejection(
      Promise.reject((lost as PromiseRejectedResult).reason as Error),
      "INVALID_CONFIGURATION",
      /in use|seems to run/,
    );
    expect(await findEmbeddedPostgres({ dir })).not.to.equal(null);
    expect((await namesIn(dir)).sort()).to.deep.equal(["data", "postgres.log"]);
  });

  it("survives kill -9 while it creates its data", async () => {
    const holder = hold();
    await until(
      async () => (await namesIn(dir)).some((name) => name.includes("unfinished")),
      20_000,
    );
    await kill(holder.process);
    expect(await namesIn(dir)).not.to.include("data");
    await start();
    await until(async () => (await namesIn(dir)).length === 2, 1_000);
    expect((await namesIn(dir)).sort()).to.deep.equal(["data", "postgres.log"]);
  });

  it("refuses data of another version of Postgres", async () => {
    await mkdir(join(dir, "data"), { recursive: true, mode: 0o755 });
    await writeFile(join(dir, "data", "PG_VERSION"), "9\n");
    await expectRejection(
      startEmbeddedPostgres({ dir }),
      "INVALID_CONFIGURATION",
      /written by Postgres 9, but the one found here is \d+\. Install version 9/,
    );
    expect(await namesIn(join(dir, "data"))).to.deep.equal(["PG_VERSION"]);
  });

  it("refuses a folder with other things in the place of the data, and leaves them", async () => {
    await mkdir(join(dir, "data"), { recursive: true });
    await writeFile(join(dir, "data", "letter.txt"), "not ours");
    await expectRejection(
      startEmbeddedPostgres({ dir }),
      "INVALID_CONFIGURATION",
      /could not create its data in .*not empty/,
    );
    expect(await namesIn(dir)).to.deep.equal(["data"]);
    expect(await namesIn(join(dir, "data"))).to.deep.equal(["letter.txt"]);
  });

  it("says what Postgres says when it does not start", async () => {
    const server = await start();
    await server.stop();
    await writeFile(join(server.dataDir, "postgresql.conf"), "no_such_setting = on\n");
    await expectRejection(
      startEmbeddedPostgres({ dir }),
      "DATABASE_UNAVAILABLE",
      /did not start.*no_such_setting/s,
    );
  });

  it("finds nothing where there is nothing", async () => {
    expect(await findEmbeddedPostgres({ dir })).to.equal(null);
    expect(await namesIn(root)).to.deep.equal([]);
  });
});
