import { expect } from "chai";
import { nameStore } from "../../src/db/nameStore.js";
import { NETWORKS, NETWORKS_OF_NATIVE_DOMAIN } from "../../src/db/networkList.js";
import type { NetworkDescription } from "../../src/dm3/statement/networkRecord.js";
import { stringify } from "../../src/dm3/stringify.js";
import { namehash } from "../../src/ens/namehash.js";
import type { NameStore } from "../../src/registry/store.js";
import { signedNetwork } from "../registry/signedStatements.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { putName } from "./putName.js";
import { sampleName } from "./sampleNames.js";

const DOMAINS = ["users.example.eth", "other.example.eth"] as const;

describe("db/networkList", () => {
  let database: MigratedPool;
  let store: NameStore;

  before(async () => {
    database = await openMigratedPool();
    store = nameStore(database.pool);
    for (const domain of DOMAINS) {
      await database.pool.query("insert into domain (name) values ($1)", [domain]);
    }
    const put = (label: string, domain: string, change: Partial<NetworkDescription> = {}) => {
      const name = `${label}.${domain}`;
      const record = stringify(signedNetwork(name, null, change));
      const texts = new Map([["network.dm3.network", record]]);
      return putName(store, { ...sampleName(label), name, domain, node: namehash(name), texts });
    };
    await put("xmpp", DOMAINS[0]);
    await put("mail", DOMAINS[1], { network: "mail", nativeDomain: null });
    await put("chat", DOMAINS[1]);
    await put("other", DOMAINS[0], { nativeDomain: "other.example" });
    await put("gone", DOMAINS[0]);
    await database.pool.query(
      "update name set suspended_at = now(), suspended_by = 'admin', suspended_reason = 'x' where name like 'gone.%'",
    );
    const plain = `plain.${DOMAINS[0]}`;
    await putName(store, {
      ...{ ...sampleName("plain"), name: plain, domain: DOMAINS[0], node: namehash(plain) },
    });
  });
  after(() => database.close());

  const all = async (limit: number, nativeDomain: string | null = null) => {
    const found: string[] = [];
    for (let after: string | null = ""; after !== null;) {
      const { items, next } = await store.networks({ after, limit, nativeDomain });
      expect(items).to.have.length.at.most(limit);
      found.push(...items.map(({ name }) => name));
      after = next;
    }
    return found;
  };

  it("lists those of all domains in order, but neither suspended names nor other ones", async () => {
    const expected = ["chat.other", "mail.other", "other.users", "xmpp.users"];
    for (const limit of [1, 2, 3, 4, 100]) {
      expect(await all(limit)).to.deep.equal(expected.map((name) => `${name}.example.eth`));
    }
    const { items } = await store.networks({ after: "", limit: 1, nativeDomain: null });
    expect(items[0]).to.include({ domain: DOMAINS[1] });
    expect(items[0]?.record).to.equal(stringify(signedNetwork("chat.other.example.eth", null)));
  });

  it("lists those of one native domain", async () => {
    for (const limit of [1, 100]) {
      expect(await all(limit, "chat.example")).to.deep.equal([
        "chat.other.example.eth",
        "xmpp.users.example.eth",
      ]);
    }
    expect(await all(100, "none.example")).to.deep.equal([]);
    expect(await all(100, "null")).to.deep.equal([]);
  });

  it("reads no more than a page, by an index each", async () => {
    await database.pool.query("set enable_seqscan = off; set enable_sort = off");
    for (const [text, values, index] of [
      [NETWORKS, ["", 10], "name_network"],
      [NETWORKS_OF_NATIVE_DOMAIN, ["", 10, "chat.example"], "name_network_domain"],
    ] as const) {
      const { rows } = await database.pool.query<{ "QUERY PLAN": string }>(`explain ${text}`, [
        ...values,
      ]);
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).to.match(new RegExp(`Index Scan using ${index} on name`));
      expect(plan).to.not.match(/Sort|Filter/);
    }
  });
});
