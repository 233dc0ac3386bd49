import { expect } from "chai";
import { scanStore } from "../../../src/db/scanStore.js";
import { sourceStore } from "../../../src/db/sourceStore.js";
import { SignpostError } from "../../../src/errors.js";
import { noPause } from "../../../src/registry/changes/clock.js";
import { postgresSettings } from "../../../src/registry/sources/postgresSettings.js";
import { scanSource } from "../../../src/registry/sources/scanSource.js";
import type { ListedLabel } from "../../../src/registry/sources/source.js";
import { expectRejection } from "../../expectError.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../openRegistry.js";

describe("registry/sources/scanSource", function () {
  this.timeout(90_000);
  let registry: TestRegistry;
  let id: string;
  /** What the source has. */
  let labels: string[];
  let failsBehind: number;

  before(async () => {
    registry = await openRegistry();
  });
  beforeEach(async () => {
    labels = many(20);
    failsBehind = Infinity;
    const settings = postgresSettings.parse({
      ...{ kind: "postgres", host: "db.example", database: "d", user: "u" },
      ...{ schema: "s", table: "t", columns: { label: "l" } },
    });
    const store = sourceStore(registry.pool);
    const before = await store.sourceOf(DOMAIN);
    if (before) await store.remove(before.id);
    ({ id } = await store.add({ domain: DOMAIN, settings, freshMs: 1000 }));
  });
  after(() => registry.close());

  const many = (count: number) => Array.from({ length: count }, (_, n) => `u${1000 + n}`);

  async function scan(isSureOfDrops = false) {
    const store = sourceStore(registry.pool);
    const source = (await store.source(id))!;
    const report = await scanSource(
      source,
      {
        labelsAfter: (after, limit) => {
          const behind = labels.filter((label) => after === null || label > after);
          if (after !== null && failsBehind < Infinity) {
            const details = { source: id, domain: DOMAIN, reason: "gone" };
            return Promise.reject(new SignpostError("SOURCE_UNAVAILABLE", "It is gone.", details));
          }
          return Promise.resolve(
            behind.slice(0, limit).map((label): ListedLabel => ({ label, isRepeated: false })),
          );
        },
      },
      {
        ...{ scans: scanStore(registry.pool), problems: store.problems, pause: noPause },
        isSureOfDrops,
      },
    );
    if (report === null) throw new Error("another scan is under way");
    const { listed, dropped, waiting, twins } = report;
    return { listed, dropped, waiting, twins: twins.length };
  }
  const is = (listed: number, dropped: number, waiting: number) => ({
    ...{ listed, dropped, waiting, twins: 0 },
  });

  it("takes a name off the list when two scans in a row did not see it", async () => {
    expect(await scan()).to.deep.equal(is(20, 0, 0));
    labels.pop();
    expect(await scan()).to.deep.equal(is(20, 0, 0));
    expect(await scan()).to.deep.equal(is(19, 1, 0));
    labels = many(20);
    expect(await scan()).to.deep.equal(is(20, 0, 0));
  });

  it("takes a source that is empty, or fails, for no look at all", async () => {
    await scan();
    labels = [];
    for (let round = 0; round < 3; round++) expect(await scan()).to.deep.equal(is(20, 0, 0));
    labels = many(1500);
    failsBehind = 1000;
    await expectRejection(scan(), "SOURCE_UNAVAILABLE", /It is gone/);
    failsBehind = Infinity;
    labels = many(19);
    // the empty ones and the one that failed were none
    expect((await scan()).dropped).to.equal(0);
    expect((await scan()).dropped).to.equal(0);
  });

  it("waits for the operator's word where more than a tenth, or a hundred, would go at once", async () => {
    await scan();
    labels = many(17);
    await scan();
    expect(await scan()).to.deep.equal(is(20, 0, 3));
    expect(await scan(true)).to.deep.equal(is(17, 3, 0));
    labels = many(1500);
    await scan();
    labels = many(1399);
    await scan();
    expect(await scan()).to.deep.equal(is(1500, 0, 101));
    labels = many(1400);
    expect((await scan()).dropped).to.equal(100);
  });

  it("tells of labels that are no names, whatever a server sends as one", async () => {
    labels = ["a b", "zero\0", "\u001b[2J", "long ".repeat(1_000), "\ufffd"];
    const expected = { listed: 0, dropped: 0, waiting: 0, twins: 0 };
    expect(await scan()).to.deep.equal(expected);
    const noted = await sourceStore(registry.pool).problems.list(id, null, 10);
    expect(noted.map(({ kind }) => kind)).to.deep.equal(Array(labels.length).fill("label"));
    expect(noted.map(({ name }) => name)).to.include.members(["a b", "zero"]);
  });

  it("finds names that stand on two pages, and no twins in names that one scan after another sees", async () => {
    labels = many(2500);
    expect((await scan()).twins).to.equal(0);
    expect((await scan()).twins).to.equal(0);
    labels.unshift("U1001");
    labels.push("U3001".toLowerCase().replace("u", "U"));
    labels.sort();
    expect((await scan()).twins).to.equal(2);
  });

  it("begins no second scan while one is under way, nor one too soon", async () => {
    const scans = scanStore(registry.pool);
    const first = await scans.begin(id, 0);
    expect(first).to.equal(1);
    expect(await scans.begin(id, 0)).to.equal(null);
    await scans.giveUp(id, 1);
    expect(await scans.begin(id, 60_000)).to.equal(null);
    expect(await scans.begin(id, 0)).to.equal(2);
  });
});
