import { expect } from "chai";
import { openPool } from "../../src/db/pool.js";
import { sharedLimits } from "../../src/db/sharedLimits.js";
import type { Limits } from "../../src/registry/access/limits.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";

const NEVER: Limits = { take: () => Promise.reject(new Error("The database was there.")) };

describe("db/sharedLimits", () => {
  let database: MigratedPool;
  before(async () => {
    database = await openMigratedPool();
  });
  after(() => database.close());

  it("counts for all processes together, each bucket by itself", async () => {
    const processes = [1, 2, 3].map(() => sharedLimits(database.pool, NEVER));
    const taken = await Promise.all(
      Array.from({ length: 30 }, (_, index) => processes[index % 3]!.take("a", 20, 60, 1)),
    );
    expect(taken.filter((answer) => answer === null)).to.have.length(20);
    for (const seconds of taken) if (seconds !== null) expect(seconds).to.be.within(1, 60);
    expect(await processes[0]!.take("b", 20, 60, 20)).to.equal(null);
  });

  it("takes nothing where it refuses", async () => {
    const limits = sharedLimits(database.pool, NEVER);
    expect(await limits.take("c", 10, 60, 8)).to.equal(null);
    expect(await limits.take("c", 10, 60, 11)).to.equal(60);
    expect(await limits.take("c", 10, 60, 3)).to.be.within(1, 60);
    expect(await limits.take("c", 10, 60, 2)).to.equal(null);
    expect(await limits.take("c", 10, 60, 1)).to.be.within(1, 60);
  });

  it("begins anew after the period", async () => {
    const limits = sharedLimits(database.pool, NEVER);
    expect(await limits.take("d", 1, 1, 1)).to.equal(null);
    expect(await limits.take("d", 1, 1, 1)).to.equal(1);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect(await limits.take("d", 1, 1, 1)).to.equal(null);
  });

  it("asks the one who counts for it while the database is down", async () => {
    const pool = openPool({ url: "postgresql://127.0.0.1:1/none" });
    const asked: unknown[] = [];
    const limits = sharedLimits(pool, {
      take: (...taken) => {
        asked.push(taken);
        return Promise.resolve(7);
      },
    });
    expect(await limits.take("e", 10, 60, 3)).to.equal(7);
    expect(asked).to.deep.equal([["e", 10, 60, 3]]);
    await pool.end();
  });
});
