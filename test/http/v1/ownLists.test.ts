/** The relay nodes and networks of one domain, for itself: also those that no public list shows. */
import { expect } from "chai";
import { openPool } from "../../../src/db/pool.js";
import { namehash } from "../../../src/ens/namehash.js";
import { createClient } from "../../../src/sdk/index.js";
import { NODE_PROFILE, provenNode, signedNetwork } from "../../registry/signedStatements.js";
import { everyItem } from "../../service-client/everyItem.js";
import {
  API_KEY,
  DOMAIN,
  NESTED_API_KEY,
  NESTED_DOMAIN,
  openTestService,
  type TestService,
} from "../openTestService.js";

describe("http: the nodes and networks of a domain", () => {
  let http: TestService;

  before(async () => {
    http = await openTestService();
    const put = async (path: string, body: object, apiKey = API_KEY) => {
      const answer = await http.v1("PUT", path, body, apiKey);
      expect(answer.status, JSON.stringify(answer.body)).to.be.below(300);
    };
    for (const label of ["a", "b", "c", "gone"]) {
      const [node, network] = [`${label}.${DOMAIN}`, `xmpp-${label}.${DOMAIN}`];
      await put(`/relay-nodes/${node}`, label === "b" ? NODE_PROFILE : provenNode(node, null));
      await put(`/networks/${network}`, signedNetwork(network, null));
    }
    for (const name of [`gone.${DOMAIN}`, `xmpp-gone.${DOMAIN}`]) {
      await put(`/names/${name}/suspension`, { reason: "spam" });
    }
    const theirs = `their.${NESTED_DOMAIN}`;
    await put(`/relay-nodes/${theirs}`, provenNode(theirs, null), NESTED_API_KEY);
    await put(`/networks/${theirs}`, signedNetwork(theirs, null), NESTED_API_KEY);
    await put(`/names/plain.${DOMAIN}`, {});
    const pool = openPool({ url: http.databaseUrl });
    await pool.query(
      `insert into watched_node (node, name, version, taken_at, url, listed, state, reason, since_at, checked_at)
       values ($1, $2, 1, now(), 'https://a.example/', false, 'unreachable', 'does not answer', to_timestamp(1800000000), to_timestamp(1800000060))`,
      [namehash(`a.${DOMAIN}`), `a.${DOMAIN}`],
    );
    await pool.query(
      "insert into watched_node_day values ($1, (now() at time zone 'UTC')::date, 4, 1)",
      [namehash(`a.${DOMAIN}`)],
    );
    await pool.end();
  });
  after(() => http.stop());

  const pages = async (path: string, list: string, limit: number, apiKey = API_KEY) => {
    const found: Record<string, unknown>[] = [];
    for (let after: string | null = ""; after !== null;) {
      const { status, body } = await http.v1(
        ...(["GET", `${path}?limit=${limit}&after=${after}`, undefined, apiKey] as const),
      );
      expect(status, JSON.stringify(body)).to.equal(200);
      const items = body[list] as Record<string, unknown>[];
      expect(items).to.have.length.at.most(limit);
      found.push(...items);
      after = body["next"] as string | null;
    }
    return found;
  };
  const names = (items: readonly Record<string, unknown>[]) => items.map(({ name }) => name);

  it("are all that are registered under it, checked or not, in pages, but neither suspended nor others'", async () => {
    for (const limit of [1, 2, 3, 100]) {
      expect(names(await pages("/domain/nodes", "nodes", limit))).to.deep.equal(
        ["a", "b", "c"].map((label) => `${label}.${DOMAIN}`),
      );
      expect(names(await pages("/domain/networks", "networks", limit))).to.deep.equal(
        ["a", "b", "c"].map((label) => `xmpp-${label}.${DOMAIN}`),
      );
    }
    const theirs = [`their.${NESTED_DOMAIN}`];
    expect(names(await pages("/domain/nodes", "nodes", 9, NESTED_API_KEY))).to.deep.equal(theirs);
    expect(names(await pages("/domain/networks", "networks", 9, NESTED_API_KEY))).to.deep.equal(
      theirs,
    );
    // nobody else sees the nodes
    expect((await http.v1("GET", "/nodes", undefined, null)).body["nodes"]).to.deep.equal([]);
  });

  it("are told with their state, since when and why", async () => {
    const [checked, unchecked] = await pages("/domain/nodes", "nodes", 100);
    expect(checked).to.deep.equal({
      ...{ name: `a.${DOMAIN}`, url: "https://a.example/", listed: false, state: "unreachable" },
      ...{ reason: "does not answer", sinceMs: 1_800_000_000_000, checkedMs: 1_800_000_060_000 },
      uptime30Days: 0.25,
    });
    expect(unchecked).to.deep.include({ state: null, url: null, checkedMs: null });
    const [network] = await pages("/domain/networks", "networks", 100);
    const { body } = await http.v1("GET", "/networks?limit=100", undefined, null);
    const listed = (body["networks"] as Record<string, unknown>[]).find(
      ({ name }) => name === `xmpp-a.${DOMAIN}`,
    );
    expect(network).to.deep.equal(listed);
  });

  it("are what the SDK's client lists", async () => {
    const client = createClient({ url: http.url, apiKey: API_KEY });
    expect(names(await everyItem(client.relayNodes.own()))).to.have.length(3);
    expect(names(await everyItem(client.networks.own({ pageSize: 1 })))).to.have.length(3);
  });

  it("refuses what has no bound, and whoever has no key", async () => {
    for (const path of ["/domain/nodes", "/domain/networks"]) {
      for (const query of ["limit=0", "limit=101", "x=1", "nativeDomain=a.example"]) {
        expect((await http.v1("GET", `${path}?${query}`)).status, query).to.equal(400);
      }
      expect((await http.v1("GET", path, undefined, null)).status).to.equal(401);
    }
  });
});
