import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { batchedLookup, textOfKey } from "../../src/db/batchedLookup.js";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool } from "../../src/db/pool.js";
import { RECORDS_OF_NODES, recordSource } from "../../src/db/recordSource.js";
import { STANDINGS_OF_NODES } from "../../src/db/standing.js";
import type { Node } from "../../src/ens/namehash.js";
import { NO_RECORDS } from "../../src/ens/records.js";
import { newApiKey } from "../../src/registry/domains/apiKey.js";
import { expectRejection } from "../expectError.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { putName } from "./putName.js";
import { bytes, DOMAIN, sampleName } from "./sampleNames.js";

/** A node that two bytes tell apart. */
function numbered(number: number): Node {
  const node = bytes(32, 0);
  node.set([number >> 8, number & 255]);
  return node;
}

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

describe("db/batchedLookup", () => {
  it("asks once for what is asked at once, each node once", async () => {
    const batches: string[][] = [];
    const lookup = batchedLookup<string>((nodes) => {
      batches.push(nodes.map(toHex));
      return Promise.resolve(new Map(nodes.map((node) => [textOfKey(node), `row ${toHex(node)}`])));
    });
    const rows = await Promise.all([1, 2, 1].map((fill) => lookup(bytes(1, fill))));
    expect(rows).to.deep.equal(["row 0x01", "row 0x02", "row 0x01"]);
    expect(batches).to.deep.equal([["0x01", "0x02"]]);
  });

  it("bounds the size and the number of batches under way, and answers all", async () => {
    let underWay = 0;
    let most = 0;
    const lookup = batchedLookup<number>(async (nodes) => {
      expect(nodes.length).to.be.at.most(256);
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 20));
      underWay--;
      return new Map(nodes.map((node) => [textOfKey(node), node.length]));
    });
    const nodes = Array.from({ length: 3_000 }, (_, i) => numbered(i));
    const rows = await Promise.all(nodes.map(lookup));
    expect(rows).to.deep.equal(nodes.map(() => 32));
    expect(most).to.equal(4);
  });

  it("tells every lookup of a batch that failed, and goes on with the next", async () => {
    let fail = true;
    const lookup = batchedLookup<string>(() =>
      fail ? Promise.reject(new Error("away")) : Promise.resolve(new Map()),
    );
    const outcomes = await Promise.allSettled([lookup(bytes(1, 1)), lookup(bytes(1, 2))]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    fail = false;
    expect(await lookup(bytes(1, 1))).to.equal(null);
  });

  it("tells those who have waited for a second, while the database hangs, that it does not keep up", async () => {
    const hanging: (() => void)[] = [];
    const lookup = batchedLookup<string>(
      () =>
        new Promise((resolve) =>
          hanging.push(() => {
            resolve(new Map());
          }),
        ),
    );
    // four batches of 256 are under way, the rest waits
    const startedMs = performance.now();
    const outcomes = Array.from({ length: 4 * 256 + 3 }, (_, i) =>
      lookup(numbered(i)).then(
        () => "answered",
        (error: unknown) => error,
      ),
    );
    const late = await Promise.race(outcomes);
    expect(late).to.have.property("code", "DATABASE_UNAVAILABLE");
    expect(performance.now() - startedMs).to.be.within(900, 3_000);
    for (const answer of hanging) answer();
    expect(
      (await Promise.all(outcomes)).filter((outcome) => outcome === "answered"),
    ).to.have.length(1024);
  });

  it("lets 10,000 wait and refuses the next at once", async () => {
    let answer = () => {};
    const lookup = batchedLookup<string>(
      () =>
        new Promise(
          (resolve) =>
            (answer = () => {
              resolve(new Map());
            }),
        ),
    );
    const waiting = Array.from({ length: 10_000 }, () => lookup(bytes(1, 1)).catch(() => null));
    await expectRejection(lookup(bytes(1, 2)), "DATABASE_UNAVAILABLE", /does not keep up/);
    await new Promise((resolve) => setTimeout(resolve, 50));
    answer();
    expect(waiting).to.have.length(10_000);
  });
});
