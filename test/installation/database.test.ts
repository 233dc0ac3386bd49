/** Commands that work on one embedded database at the same time, while no service runs. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { openPool } from "../../src/db/pool.js";
import { attachDatabase, startDatabase } from "../../src/installation/database.js";
import type { InstallationConfig } from "../../src/settings/installationSettings.js";

describe("installation/database", function () {
  this.timeout(60_000);
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
