import { expect } from "chai";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool } from "../../src/db/pool.js";
import { RECORDS_OF_NODES, recordSource } from "../../src/db/recordSource.js";
import { STANDINGS_OF_NODES } from "../../src/db/standing.js";
import { NO_RECORDS } from "../../src/ens/records.js";
import { newApiKey } from "../../src/registry/domains/apiKey.js";
import { expectRejection } from "../expectError.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { putName } from "./putName.js";
import { bytes, DOMAIN, sampleName } from "./sampleNames.js";

describe("db/recordSource", () => {
  let database: MigratedPool;

  before(async () => {
    database = await openMigratedPool();
    await domainStore(database.pool).addDomain(
      { chainId: 1n, resolver: bytes(20, 9), domain: DOMAIN },
      newApiKey("key"),
    );
  });

  after(() => database.close());

  it("answers with the records of a name, and null without one", async () => {
    const name = sampleName("alice");
    await putName(nameStore(database.pool), name);
    const source = recordSource(database.pool);
    const { records, version } = (await source.recordsOf(name.node)) ?? {};
    expect(records).to.have.all.keys(Object.keys(NO_RECORDS));
    expect(name).to.deep.include(records);
    expect(version).to.match(/^[1-9][0-9]*$/);
    expect(await source.recordsOf(sampleName("nobody").node)).to.equal(null);
  });

  it("gives a name another version with each change, and never one that it had before", async () => {
    const source = recordSource(database.pool);
    const store = nameStore(database.pool);
    const name = sampleName("versions");
    const seen = new Set<string | undefined>();
    for (let round = 0; round < 3; round++) {
      await putName(store, name);
      seen.add((await source.recordsOf(name.node))?.version);
      await database.pool.query("delete from name where node = $1", [name.node]);
    }
    expect(seen.size).to.equal(3);
  });

  it("gives each of many lookups at once its own answer", async () => {
    const store = nameStore(database.pool);
    const labels = Array.from({ length: 40 }, (_, i) => `many${i}`);
    for (const label of labels) {
      const name = sampleName(label);
      await putName(store, name);
    }
    const source = recordSource(database.pool);
    const asked = [...labels, "nobody", ...labels, ...labels.map((label) => `no-${label}`)];
    const found = await Promise.all(asked.map((label) => source.recordsOf(sampleName(label).node)));
    found.forEach((records, i) => {
      const label = asked[i] ?? "";
      const expected = labels.includes(label) ? sampleName(label).texts : undefined;
      expect(records?.records.texts, label).to.deep.equal(expected);
    });
  });

  it("reads the primary key, and nothing else", async () => {
    await database.pool.query("analyze name");
    const connection = await database.pool.connect();
    await connection.query("set enable_seqscan = off");
    const { rows } = await connection.query<{ "QUERY PLAN": string }>(
      `explain ${RECORDS_OF_NODES.text}`,
      [[bytes(32, 1)]],
    );
    connection.release(true);
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).to.contain("name_pkey");
  });

  it("reads what is known of names of a source by indexes", async () => {
    const connection = await database.pool.connect();
    await connection.query("set enable_seqscan = off");
    const { rows } = await connection.query<{ "QUERY PLAN": string }>(
      `explain ${STANDINGS_OF_NODES.text}`,
      [[bytes(32, 1)]],
    );
    connection.release(true);
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    for (const index of [
      "name_pkey",
      "name_head_pkey",
      "source_served_pkey",
      "source_name_of_node",
    ]) {
      expect(plan).to.contain(index);
    }
    expect(plan).not.to.contain("Seq Scan");
  });

  it("throws DATABASE_UNAVAILABLE, not null, when it cannot find out", async () => {
    const pool = openPool({ url: "postgresql://u@127.0.0.1:1/d" });
    const source = recordSource(pool);
    const { node } = sampleName("alice");
    await expectRejection(source.recordsOf(node), "DATABASE_UNAVAILABLE", /did not answer/);
    await expectRejection(source.servedResolvers(), "DATABASE_UNAVAILABLE", /did not answer/);
    await pool.end();
  });
});
