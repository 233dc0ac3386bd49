import { expect } from "chai";
import { relayReadiness } from "../../src/capabilities/relay/relayReadiness.js";
import { networkReadiness } from "../../src/connecting/networkReadiness.js";
import { openPool, type Pool } from "../../src/db/pool.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";

const NOT_CONNECTED = "The XMPP gateway is not connected: messages wait.";

describe("connecting/networkReadiness", () => {
  let database: ScratchDatabase;
  const pools: Pool[] = [];

  before(async () => {
    database = await openScratchDatabase();
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
  });
  after(() => database.close());

  /** Connections whose server answers before it has written, or after it. */
  function poolWith(setting: "on" | "off"): Pool {
    const url = new URL(database.url);
    const options = url.searchParams.get("options") ?? "";
    url.searchParams.set("options", `${options} -c synchronous_commit=${setting}`.trim());
    const pool = openPool({ url: url.href });
    pools.push(pool);
    return pool;
  }
  const look = (
    pool: Pool,
    isActive = true,
    isConnected = true,
    canaryWarnings: string[] = [],
    registryWarnings: string[] = [],
  ) =>
    networkReadiness({
      ...{ pool, who: "The XMPP gateway", notConnected: NOT_CONNECTED },
      active: { isActive: () => isActive },
      network: { isConnected: () => isConnected },
      canary: { warnings: () => canaryWarnings },
      registry: { warnings: () => registryWarnings },
    })();

  it("is ready where everything is", async () => {
    expect(await look(poolWith("on"))).to.deep.equal({ reasons: [], warnings: [] });
  });

  it("is not ready on a database that answers before it has written, as the relay node is not", async () => {
    const pool = poolWith("off");
    const { reasons } = await look(pool);
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.match(/^The XMPP gateway's Postgres .*synchronous_commit is off/);
    const relay = await relayReadiness({
      ...{ pool, ensName: null, url: null, canaryWarnings: () => [] },
      resolve: () => Promise.reject(new Error("not asked")),
      keys: { all: () => [] },
      record: { outcome: () => Promise.resolve(null) },
    } as unknown as Parameters<typeof relayReadiness>[0])();
    expect(relay.reasons).to.have.length(1);
    expect(relay.reasons[0]).to.match(/^The relay node's Postgres .*synchronous_commit is off/);
  });

  it("is not ready without its database, and says so", async () => {
    const pool = openPool({ url: "postgresql://127.0.0.1:1/nothing" });
    pools.push(pool);
    const { reasons } = await look(pool);
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.match(/database/i);
  });

  it("warns in the active process that is not connected, and in no other one", async () => {
    const pool = poolWith("on");
    const { reasons, warnings } = await look(pool, true, false);
    expect(reasons).to.deep.equal([]);
    expect(warnings).to.deep.equal([NOT_CONNECTED]);
    expect(await look(pool, false, false)).to.deep.equal({ reasons: [], warnings: [] });
  });

  it("warns of a canary that was lost, and serves all the same", async () => {
    const lost = "The canary did not come back.";
    expect(await look(poolWith("on"), true, true, [lost])).to.deep.equal({
      ...{ reasons: [], warnings: [lost] },
    });
  });

  it("warns of a registry that takes no names, and serves all the same", async () => {
    const refused = "Nobody new gets a name.";
    expect(await look(poolWith("on"), true, true, [], [refused])).to.deep.equal({
      ...{ reasons: [], warnings: [refused] },
    });
  });
});
