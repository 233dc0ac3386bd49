/** Floods of registered relay nodes: how many of a domain are watched, and how many at one host are asked. */
import { expect } from "chai";
import { namehash } from "../../src/ens/namehash.js";
import { answerJson, type LoopbackServer, serve } from "../lookup/loopbackServer.js";
import { DOMAIN, openWatchWorld, properties, type WatchWorld } from "./watchWorld.js";

const AT_ONE_HOST = 16;
const OF_ONE_DOMAIN = 1_000;
const OTHER_DOMAIN = "other.eth";

describe("nodes: what watching asks at most", function () {
  this.timeout(180_000);
  let world: WatchWorld;
  let victim: LoopbackServer;

  beforeEach(async () => {
    world = await openWatchWorld();
    victim = await serve(answerJson(properties()));
    await world.pool.query("insert into domain (name) values ($1)", [OTHER_DOMAIN]);
  });
  afterEach(async () => {
    await world.close();
    await victim.close();
  });

  const registerMany = async (count: number, prefix: string) => {
    for (let index = 0; index < count; index++) {
      await world.register(`${prefix}-${index}`, { url: `${victim.url}/${prefix}/${index}` });
    }
  };
  /** Each with a record that is no profile, so that its check asks nobody. */
  const flood = (count: number) =>
    world.pool.query(
      `insert into name (node, name, domain, texts)
       select sha256(index::text::bytea), 'flood-' || index || '.' || $1, $1,
         '{"network.dm3.deliveryService": "data:application/json,{}"}'
       from generate_series(1, $2::integer) index`,
      [DOMAIN, count],
    );
  const toOtherDomain = (label: string) =>
    world.pool.query("update name set domain = $1 where node = $2", [
      OTHER_DOMAIN,
      namehash(`${label}.${DOMAIN}`),
    ]);
  const statesOf = async (prefix: string, count: number) => {
    const states: Record<string, number> = {};
    for (let index = 0; index < count; index++) {
      const state = String(await world.state(`${prefix}-${index}`));
      states[state] = (states[state] ?? 0) + 1;
    }
    return states;
  };

  it("asks so many nodes of one domain at one host, the same ones each time, and says so of the others", async () => {
    await registerMany(AT_ONE_HOST + 4, "node");
    await world.round();
    expect(victim.requests).to.have.length(AT_ONE_HOST);
    expect(await statesOf("node", AT_ONE_HOST + 4)).to.deep.equal({
      ...{ works: AT_ONE_HOST, unproven: 4 },
    });
    const first = [...victim.requests].sort();
    victim.requests.length = 0;
    await world.later();
    expect([...victim.requests].sort()).to.deep.equal(first);
    expect(await world.listedNames()).to.have.length(AT_ONE_HOST);
  });

  it("takes a host for the same one at another port, and in another notation", async () => {
    await registerMany(AT_ONE_HOST, "node");
    await world.round();
    const { port } = new URL(victim.url);
    const others = ["http://127.0.0.1:9", `http://0x7f.1:${port}`, `http://2130706433:${port}/a`];
    for (const [index, url] of others.entries()) {
      await world.register(`other-${index}`, { url });
    }
    await world.round();
    expect(await statesOf("other", others.length)).to.deep.equal({ unproven: others.length });
  });

  it("keeps places at a host for each domain, so that one domain cannot take those of another", async () => {
    await registerMany(AT_ONE_HOST, "node");
    await world.round();
    await world.register("beyond", { url: victim.url });
    await world.register("elsewhere", { url: victim.url });
    await toOtherDomain("elsewhere");
    await world.round();
    expect((await world.shown("beyond")).reason).to.match(/too many of its domain at one host/);
    expect(await world.state("elsewhere")).to.equal("works");
  });

  it("gives a place to the next one when a node goes, moves or is proven no more", async () => {
    await registerMany(AT_ONE_HOST, "node");
    await world.round();
    const elsewhere = await serve(answerJson(properties()));
    await registerMany(AT_ONE_HOST + 3, "node");
    await world.register("node-0", { url: victim.url, changes: { texts: new Map() } });
    await world.register("node-1", { url: elsewhere.url.replace("127.0.0.1", "localhost") });
    await world.register("node-2", { url: victim.url, isProven: false });
    await world.later();
    await world.later();
    await world.later();
    for (let index = AT_ONE_HOST; index < AT_ONE_HOST + 3; index++) {
      expect(await world.state(`node-${index}`), `node-${index}`).to.equal("works");
    }
    await elsewhere.close();
  });

  it("watches so many nodes of one domain, and in turn with those of other domains", async () => {
    await flood(OF_ONE_DOMAIN + 20);
    await world.register("good", { url: victim.url });
    await toOtherDomain("good");
    const [first, second] = await world.store.take(world.nowMs(), world.nowMs(), 2);
    expect([first!.name, second!.name]).to.include(`good.${DOMAIN}`);
    world.pass(1_000_000);
    await world.round();
    await world.round();
    const { rows } = await world.pool.query<{ domain: string; count: number }>(
      "select domain, count(*)::integer from watched_node join name using (node) group by domain order by count",
    );
    expect(rows).to.deep.equal([
      { domain: OTHER_DOMAIN, count: 1 },
      { domain: DOMAIN, count: OF_ONE_DOMAIN },
    ]);
    // a place that is free is given to another one
    await world.pool.query(
      "delete from name where node in (select node from watched_node where name like 'flood%' limit 5)",
    );
    expect(await world.round()).to.equal(5);
  });
});
