/** GET /status of a service that runs it beside the registry. */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { CAPABILITIES } from "../../../src/capabilities/list.js";
import { registryTables } from "../../../src/capabilities/registry/migrations.js";
import { status } from "../../../src/capabilities/status/status.js";
import { migrate } from "../../../src/db/migrate.js";
import { openPool } from "../../../src/db/pool.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../../src/installation/scratchDatabase.js";
import { startableWith } from "../../../src/process/served.js";
import { type Service, startService } from "../../../src/service/service.js";
import { installationSettings } from "../../../src/settings/installationSettings.js";
import { readSettings } from "../../../src/settings/settingsPart.js";

const NOWHERE = "postgresql://u@localhost:1/d?host=/nonexistent";

describe("capabilities/status", () => {
  let database: ScratchDatabase;
  let service: Service | undefined;
  let nowMs = 1_000_000;
  let reported: string[] = [];
  beforeEach(() => {
    reported = [];
  });

  before(async () => {
    database = await openScratchDatabase();
  });
  afterEach(() => service?.stop());
  after(() => database.close());

  const start = async (url: string) => {
    const read = () => readSettings([installationSettings, status.settings], {});
    const { capability, start: startIt } = startableWith(status, read(), read);
    service = await startService(
      // as it would be beside all others, which are not started here
      [{ capability, start: (parts) => startIt({ ...parts, capabilities: CAPABILITIES }) }],
      {
        host: "127.0.0.1",
        port: 0,
        database: { url, standbyUrls: [], pooler: "none" },
        nowMs: () => nowMs,
        reportFailure: (error) => {
          reported.push(error.code);
        },
      },
    );
    return service.url;
  };

  const registryOf = async (url: string) => {
    const response = await fetch(`${url}/status`);
    expect(response.status).to.equal(200);
    expect(response.headers.get("cache-control")).to.equal("no-store");
    const body = (await response.json()) as { capabilities: { name: string; schema: unknown }[] };
    return { body, schema: body.capabilities.find(({ name }) => name === "registry")?.schema };
  };

  it("tells name, version, capabilities, and the schema that each has in the database", async () => {
    const url = await start(database.url);
    const file = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
    const { version } = JSON.parse(file) as { version: string };
    const { body, schema } = await registryOf(url);
    expect(body).to.deep.equal({
      name: "signpost",
      version,
      capabilities: CAPABILITIES.map(({ name, summary, migrations }) => ({
        name,
        summary,
        schema: migrations === null ? null : { status: "known", version: 0 },
      })),
    });
    expect(schema).to.deep.equal({ status: "known", version: 0 });
  });

  it("asks the database once a second, whoever asks", async () => {
    const url = await start(database.url);
    await registryOf(url);
    const pool = openPool({ url: database.url });
    const tables = await registryTables();
    await migrate(pool, tables);
    await pool.end();
    nowMs += 999;
    expect((await registryOf(url)).schema).to.deep.equal({ status: "known", version: 0 });
    nowMs += 1;
    const { length: newest } = tables.migrations;
    expect((await registryOf(url)).schema).to.deep.equal({ status: "known", version: newest });
  });

  it("still tells the version while the database does not answer, and never that it has no tables", async () => {
    const url = await start(NOWHERE);
    expect((await registryOf(url)).schema).to.deep.equal({ status: "unavailable" });
  });

  it("tells the operator, and nobody else, that a right is missing", async () => {
    const user = `stranger_${database.schema}`;
    const pool = openPool({ url: database.url });
    await migrate(pool, await registryTables());
    await pool.query(
      `create role ${user} login; grant usage on schema ${database.schema} to ${user}`,
    );
    try {
      const url = await start(`${database.url}&user=${user}`);
      const { body, schema } = await registryOf(url);
      expect(schema).to.deep.equal({ status: "unavailable" });
      expect(JSON.stringify(body)).not.to.match(/right|42501|sqlState/i);
      expect(reported).to.deep.equal(["INVALID_CONFIGURATION"]);
    } finally {
      await service?.stop();
      service = undefined;
      await pool.query(`drop owned by ${user}; drop role ${user}`);
      await pool.end();
    }
  });
});
