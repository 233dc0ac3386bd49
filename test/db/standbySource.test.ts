/** On databases of their own, so that an answer tells which one it came from; real replication is in test/faults. */
import { expect } from "chai";
import pg from "pg";
import { RETRY_MS } from "../../src/db/availability.js";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool } from "../../src/db/pool.js";
import { recordSource } from "../../src/db/recordSource.js";
import { type StandbySource, standbySource } from "../../src/db/standbySource.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import type { RecordSource } from "../../src/registry/store.js";
import { expectRejection } from "../expectError.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { putName } from "./putName.js";
import { bytes, DOMAIN, sampleName } from "./sampleNames.js";

const NODE = sampleName("alice").node;
const NOWHERE = "postgresql://u@localhost:1/d?host=/nonexistent";
const LONGEST_LOOKUP_MS = 400;

describe("db/standbySource", () => {
  let first: MigratedPool;
  let second: MigratedPool;
  const nowhere = openPool({ url: NOWHERE });
  let nowMs = 0;

  before(async () => {
    [first, second] = await Promise.all([openMigratedPool(), openMigratedPool()]);
    const stored = [
      ["first", first.pool],
      ["second", second.pool],
    ] as const;
    for (const [label, pool] of stored) {
      const served = { chainId: 1n, resolver: bytes(20, 9), domain: DOMAIN };
      await addDomain(domainStore(pool), served, apiKeyFrom(bytes(32, 1)));
      const name = sampleName("alice", { nameRecord: label });
      await putName(nameStore(pool), name);
    }
  });
  after(() => Promise.all([first.close(), second.close(), nowhere.end()]));

  /** A database that can be unplugged: lookups then go to an address at which nothing listens. */
  function pluggable(pool: pg.Pool) {
    const reachable = recordSource(pool);
    const unreachable = recordSource(nowhere);
    const plug = { in: true, asked: 0 };
    const source = (): RecordSource => {
      plug.asked++;
      return plug.in ? reachable : unreachable;
    };
    const database: RecordSource = {
      recordsOf: (node) => source().recordsOf(node),
      servedResolvers: () => source().servedResolvers(),
      serving: () => source().serving(),
      standingOf: (node) => source().standingOf(node),
      ownersOfTwins: (twinned) => source().ownersOfTwins(twinned),
    };
    return { plug, database };
  }
  function open() {
    const [one, two] = [pluggable(first.pool), pluggable(second.pool)];
    nowMs = 0;
    const options = { longestLookupMs: LONGEST_LOOKUP_MS, nowMs: () => nowMs };
    const source = standbySource([one.database, two.database], options);
    return { source, primary: one.plug, standby: two.plug };
  }
  const answeredBy = async (source: StandbySource) =>
    (await source.recordsOf(NODE))?.records.nameRecord;
  /** Probes are asked beside the lookup that was due. */
  const probed = () => new Promise((resolve) => setTimeout(resolve, 100));

  it("asks the primary alone while it answers", async () => {
    const { source, standby } = open();
    expect(await answeredBy(source)).to.equal("first");
    expect(await source.recordsOf(bytes(32, 0)), "absent").to.equal(null);
    expect(await source.servedResolvers()).to.have.length(1);
    expect(standby.asked).to.equal(0);
    expect(await source.check()).to.deep.equal([]);
  });

  it("asks the standby what the primary cannot answer, leaves that alone, and comes back to it", async () => {
    const { source, primary, standby } = open();
    primary.in = false;
    expect(await answeredBy(source)).to.equal("second");
    expect(primary.asked).to.equal(1);
    expect(await answeredBy(source)).to.equal("second");
    expect(await source.recordsOf(bytes(32, 0)), "absent").to.equal(null);
    expect(primary.asked, "left alone").to.equal(1);

    nowMs = RETRY_MS;
    expect(await answeredBy(source)).to.equal("second");
    await probed();
    expect(primary.asked, "asked whether it is back").to.equal(2);
    primary.in = true;
    nowMs = 2 * RETRY_MS;
    expect(await answeredBy(source), "does not wait for the probe").to.equal("second");
    await probed();
    const before = standby.asked;
    expect(await answeredBy(source)).to.equal("first");
    expect(standby.asked).to.equal(before);
  });

  it("tells which database is silent, and finds out that it is back", async () => {
    const { source, primary, standby } = open();
    primary.in = false;
    const [silent, ...others] = await source.check();
    expect(silent).to.deep.include({ index: 0 });
    expect(silent?.error).to.have.property("code", "DATABASE_UNAVAILABLE");
    expect(others).to.deep.equal([]);
    primary.in = true;
    standby.in = false;
    expect((await source.check()).map(({ index }) => index)).to.deep.equal([1]);
    expect(await answeredBy(source)).to.equal("first");
  });

  it("fails as the primary does when none answers, and asks both each time, so that it notes the first to be back", async () => {
    const { source, primary, standby } = open();
    primary.in = false;
    standby.in = false;
    await expectRejection(source.recordsOf(NODE), "DATABASE_UNAVAILABLE", /did not answer/);
    await expectRejection(source.check(), "DATABASE_UNAVAILABLE", /did not answer/);
    standby.in = true;
    expect(await answeredBy(source)).to.equal("second");
    primary.in = true;
    nowMs = RETRY_MS;
    await answeredBy(source);
    await probed();
    expect(await answeredBy(source)).to.equal("first");
  });

  it("leaves the standby its share of the time when the primary hangs", async () => {
    const { source } = open();
    const admin = new pg.Client({ connectionString: first.url });
    await admin.connect();
    try {
      await admin.query("begin; lock table name in access exclusive mode");
      const startMs = performance.now();
      expect(await answeredBy(source)).to.equal("second");
      expect(performance.now() - startMs).to.be.within(150, LONGEST_LOOKUP_MS);
      expect(await answeredBy(source)).to.equal("second");
      expect(performance.now() - startMs, "at once").to.be.below(LONGEST_LOOKUP_MS);
    } finally {
      await admin.end();
    }
  });

  it("does not ask the standby about a defect", async () => {
    const { source, standby } = open();
    await first.pool.query("alter table name rename to renamed");
    try {
      await expectRejection(source.recordsOf(NODE), "INTERNAL", /42P01/);
      expect(standby.asked).to.equal(0);
    } finally {
      await first.pool.query("alter table renamed rename to name");
    }
  });
});
