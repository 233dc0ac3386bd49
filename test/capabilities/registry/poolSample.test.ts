/** Who waits for a connection, as a scrape tells it. */
import { expect } from "chai";
import { poolSample } from "../../../src/capabilities/registry/observation.js";
import { openPool, type Pool } from "../../../src/db/pool.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../../src/installation/scratchDatabase.js";
import { openTestService } from "../../http/openTestService.js";

describe("the sample of a pool", () => {
  let database: ScratchDatabase;
  let pool: Pool;

  before(async () => {
    database = await openScratchDatabase();
    pool = openPool({ url: database.url, maxConnections: 3 });
  });
  after(async () => {
    await pool.end();
    await database.close();
  });

  it("counts nobody who gets a free connection at once, or a new one", async () => {
    const held = [await pool.connect(), await pool.connect()];
    for (const client of held) client.release();
    // one more than is free, and one may still be opened
    const asked = [1, 2, 3].map(() => pool.query("select 1"));
    expect(pool.waitingCount).to.equal(3);
    expect(poolSample("lookups", pool)).to.include({ busy: 0, idle: 2, waiting: 0 });
    await Promise.all(asked);
  });

  it("counts who waits for one that is in use", async () => {
    const held = [await pool.connect(), await pool.connect(), await pool.connect()];
    const asked = [1, 2].map(() => pool.query("select 1"));
    expect(poolSample("lookups", pool)).to.include({ busy: 3, idle: 0, waiting: 2 });
    for (const client of held) client.release();
    await Promise.all(asked);
    expect(poolSample("lookups", pool).waiting).to.equal(0);
  });

  it("is 0 for a service with nothing to do, whatever its own scrape asks", async () => {
    const http = await openTestService();
    for (let scrape = 0; scrape < 3; scrape++) {
      const text = await (await fetch(`${http.url}/metrics`)).text();
      const waiting = [...text.matchAll(/^signpost_database_waiting\{pool="(\w+)"\} (\d+)$/gm)];
      expect(waiting.map(([, name]) => name)).to.include("lookups");
      for (const [line, , count] of waiting) expect(Number(count), line).to.equal(0);
    }
    await http.stop();
  });
});
