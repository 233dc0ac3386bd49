/** Commands that work on one embedded database at the same time, while no service runs. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { DatabaseError, PoolClient } from "pg";
import { openPool } from "../../src/db/pool.js";
import { attachDatabase, startDatabase } from "../../src/installation/database.js";
import type { InstallationConfig } from "../../src/settings/installationSettings.js";
import { until } from "../embedded-postgres/holder.js";

describe("installation/database", function () {
  this.timeout(180_000);
  let directory: string;
  let config: InstallationConfig;
  let told: string[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "signpost-database-"));
    config = { directory, secrets: { databaseUrl: null } } as unknown as InstallationConfig;
    told = [];
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const attach = () => attachDatabase(config, "make", (sentence) => told.push(sentence));
  const isAnswering = async (url: string) => {
    const pool = openPool({ url });
    const answer = await pool.query("select 1").then(
      () => true,
      () => false,
    );
    await pool.end();
    return answer;
  };

  it("stops a command's server only after the last command on it, and says whose it is", async () => {
    const first = await attach();
    expect(first.description).to.match(/^a new embedded Postgres, data in /);
    const second = await attach();
    expect(second.description).to.match(
      new RegExp(
        `^the embedded Postgres of another command \\(process ${process.pid}\\), data in `,
      ),
    );
    let isStopped = false;
    const stopped = first.stop().then(() => (isStopped = true));
    await delay(1_000);
    expect(isStopped).to.equal(false);
    expect(await isAnswering(second.url)).to.equal(true);
    expect(told).to.have.length(1);
    expect(told[0]).to.match(/^another command works on the embedded Postgres/);
    await second.stop();
    await stopped;
    expect(await isAnswering(second.url)).to.equal(false);
  });

  it("knows a command that is beside it by another name in the environment as well", async () => {
    const before = process.env["PGAPPNAME"];
    process.env["PGAPPNAME"] = "somebody";
    try {
      const first = await attach();
      const second = await attach();
      const stopped = first.stop();
      await until(() => told.length > 0, 60_000);
      expect(await isAnswering(second.url)).to.equal(true);
      await second.stop();
      await stopped;
    } finally {
      if (before === undefined) delete process.env["PGAPPNAME"];
      else process.env["PGAPPNAME"] = before;
    }
  });

  it("stops no server that has no connection left to say who is there", async () => {
    const first = await attach();
    const pool = openPool({ url: first.url, maxConnections: 200, connectTimeoutMs: 60_000 });
    const sessions: PoolClient[] = [];
    const full = await (async () => {
      for (;;) sessions.push(await pool.connect());
    })().catch((error: unknown) => (error as DatabaseError).code);
    expect(full).to.equal("53300");
    const stopped = first.stop();
    await until(() => told.length > 0, 60_000);
    expect(told[0]).to.match(/^other commands may work on the embedded Postgres/);
    expect((await sessions[0]?.query("select 1"))?.rowCount).to.equal(1);
    for (const session of sessions) session.release(true);
    await pool.end();
    await stopped;
    expect(told).to.have.length(1);
  });

  it("attaches two commands that start at the same moment, on whichever server comes first", async () => {
    await (await attach()).stop();
    const both = await Promise.all([attach(), attach()]);
    const beside = both.filter(({ description }) => description.includes("of another command"));
    expect(beside).to.have.length(1);
    for (const { url } of both) expect(await isAnswering(url)).to.equal(true);
    await Promise.all(both.map((one) => one.stop()));
    expect(await isAnswering(both[0].url)).to.equal(false);
  });

  it("stops a service's server at once, under whoever is beside it", async () => {
    const service = await startDatabase(config);
    const command = await attach();
    expect(command.description).to.match(/^the running service's embedded Postgres, data in /);
    await service.stop();
    expect(await isAnswering(command.url)).to.equal(false);
    await command.stop();
    expect(told).to.deep.equal([]);
  });
});
