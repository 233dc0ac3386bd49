import { expect } from "chai";
import { sha256OfText } from "../../src/abi/sha256.js";
import { domainStore } from "../../src/db/domainStore.js";
import { openPool } from "../../src/db/pool.js";
import { sharedLimits } from "../../src/db/sharedLimits.js";
import { usedLimits } from "../../src/db/usedLimits.js";
import { parseAddress } from "../../src/ens/address.js";
import type { Limits } from "../../src/registry/access/limits.js";
import { sessionsBucket } from "../../src/registry/domains/session.js";
import { everyKey } from "../registry/access/everyKey.js";
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

  it("says who has used most", async () => {
    const { pool } = database;
    await pool.query("truncate rate_limit");
    const resolver = {
      chainId: 1n,
      resolver: parseAddress(`0x${"01".repeat(20)}`),
      domain: "used.eth",
    };
    const hash = sha256OfText("a key");
    const limit = { changesPerMinute: 100, changesPerDay: 1000 };
    const domains = domainStore(pool);
    await domains.addDomain(resolver, { hash, label: "import", scopes: [], limits: limit });
    const { id } = (await everyKey(domains, "used.eth"))[0]!;
    const limits = sharedLimits(pool, NEVER);
    await limits.take(`key ${id}/minute`, 100, 60, 30);
    await limits.take("203.0.113.7/day", 100, 86_400, 20);
    await limits.take("strangers", 100, 60, 10);
    await limits.take("key 999999/KiB", 100, 60, 5);
    await limits.take(`${sessionsBucket("used.eth")}/day`, 100, 60, 4);
    await limits.take(`${sessionsBucket("gone.eth")}/minute`, 100, 60, 3);
    const most = await usedLimits(pool, 10);
    expect(
      most.map(({ key, sessions, network, kind, used }) => ({
        who: key ?? sessions ?? network,
        ...{ kind, used },
      })),
    ).to.deep.equal([
      { who: { id, domain: "used.eth", label: "import" }, kind: "minute", used: 30 },
      { who: "203.0.113.7", kind: "day", used: 20 },
      { who: null, kind: "strangers", used: 10 },
      { who: { id: "999999", domain: null, label: null }, kind: "KiB", used: 5 },
      { who: { domain: "used.eth" }, kind: "day", used: 4 },
      { who: { domain: null }, kind: "minute", used: 3 },
    ]);
    for (const { endsMs } of most) expect(endsMs).to.be.above(Date.now());
    expect(await usedLimits(pool, 1)).to.have.length(1);
  });
});
