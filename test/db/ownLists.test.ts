/** Lists of one domain's own things: each page by an index, and nothing that a domain below it holds. */
import { expect } from "chai";
import { KEY_PAGE } from "../../src/db/apiKeyStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { NETWORKS_OF_DOMAIN } from "../../src/db/networkList.js";
import { NODES_OF_DOMAIN, relayNodeList } from "../../src/db/relayNodeList.js";
import { LIST } from "../../src/db/sourceProblems.js";
import { namehash } from "../../src/ens/namehash.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { putName } from "./putName.js";
import { sampleName } from "./sampleNames.js";

const DOMAIN = "users.example.eth";
const BELOW = "team.users.example.eth";

describe("db: lists of one domain", () => {
  let database: MigratedPool;

  before(async () => {
    database = await openMigratedPool();
    await database.pool.query("insert into domain (name) values ($1)", [DOMAIN]);
    const put = async (name: string) => {
      const texts = new Map([
        ["network.dm3.deliveryService", "{}"],
        ["network.dm3.network", "{}"],
      ]);
      const stored = { ...sampleName("x"), name, node: namehash(name), domain: DOMAIN, texts };
      await putName(nameStore(database.pool), stored);
    };
    for (const name of [`b.${DOMAIN}`, `x.${BELOW}`, `a.${DOMAIN}`]) await put(name);
  });
  after(() => database.close());

  it("have nothing that a domain below it holds, although its name says otherwise", async () => {
    const { pool } = database;
    const names = async () => ({
      nodes: (await relayNodeList(pool).ofDomain(DOMAIN, "", 9)).items.map(({ name }) => name),
      networks: (await nameStore(pool).networksOfDomain(DOMAIN, { after: "", limit: 9 })).items.map(
        ({ name }) => name,
      ),
    });
    const own = [`a.${DOMAIN}`, `b.${DOMAIN}`];
    const all = [...own, `x.${BELOW}`];
    expect(await names()).to.deep.equal({ nodes: all, networks: all });
    await pool.query("insert into domain (name) values ($1)", [BELOW]);
    expect(await names()).to.deep.equal({ nodes: own, networks: own });
  });

  for (const [what, text, values, index] of [
    ["keys", KEY_PAGE, [DOMAIN, null, 10], "api_key_domain_id"],
    ["relay nodes", NODES_OF_DOMAIN, [DOMAIN, "", 10], "name_relay_node_named"],
    ["networks", NETWORKS_OF_DOMAIN, [DOMAIN, "", 10], "name_network_named"],
    ["problems of a source", LIST, ["1", "", "", 10], "source_problem_in_order"],
  ] as const) {
    it(`reads no more than a page of ${what}, by an index`, async () => {
      const connection = await database.pool.connect();
      await connection.query("set enable_seqscan = off; set enable_sort = off");
      const { rows } = await connection.query<{ "QUERY PLAN": string }>(`explain ${text}`, [
        ...values,
      ]);
      connection.release(true);
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).to.match(new RegExp(`Index (?:Only )?Scan(?: Backward)? using ${index} on`));
      expect(plan).not.to.match(/Sort/);
    });
  }
});
