import { expect } from "chai";
import fc from "fast-check";
import { setTimeout as delay } from "node:timers/promises";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool } from "../../src/db/pool.js";
import { toHex } from "../../src/abi/hex.js";
import { ABI_CONTENT_TYPES } from "../../src/ens/records.js";
import { SignpostError } from "../../src/errors.js";
import type { LockedName, NameStore } from "../../src/registry/store.js";
import { expectRejection } from "../expectError.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { DOMAIN, bytes, sampleName } from "./sampleNames.js";

describe("db/nameStore", () => {
  let database: MigratedPool;
  let store: NameStore;

  before(async () => {
    database = await openMigratedPool();
    store = nameStore(database.pool);
    await domainStore(database.pool).addDomain(
      { chainId: 1n, resolver: bytes(20, 9), domain: DOMAIN },
      bytes(32, 1),
    );
  });

  after(() => database.close());

  it("answers null for a name that does not exist", async () => {
    const { node } = sampleName("nobody");
    expect(await store.nameOf(node)).to.equal(null);
    expect(await store.changeName(node, ({ current }) => Promise.resolve(current))).to.equal(null);
  });

  it("returns what was saved, and then what replaced it", async () => {
    const first = sampleName("alice");
    const save = (name: typeof first) => store.changeName(name.node, (locked) => locked.save(name));
    await save(first);
    expect(await store.nameOf(first.node)).to.deep.equal(first);
    const second = sampleName("alice", {
      addresses: new Map(),
      texts: new Map([["only", "this"]]),
      contenthash: null,
      nameRecord: null,
      pubkey: null,
      abis: new Map(),
      data: new Map(),
      interfaces: new Map(),
      profileFingerprint: null,
    });
    await save(second);
    const current = await store.changeName(first.node, (locked) => Promise.resolve(locked.current));
    expect(current).to.deep.equal(second);
  });

  it("returns any records as they were saved", async () => {
    const text = fc.string({ unit: "binary" }).filter((value) => !value.includes("\0"));
    const address = fc.uint8Array({ maxLength: 40 });
    const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const mapOf = <Key, Value>(key: fc.Arbitrary<Key>, value: fc.Arbitrary<Value>) =>
      fc.array(fc.tuple(key, value)).map((entries) => new Map(entries));
    const records = fc.record({
      addresses: mapOf(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), address),
      texts: mapOf(text, text),
      contenthash: fc.option(fc.uint8Array()),
      nameRecord: fc.option(text),
      pubkey: fc.option(fc.record({ x: exactly(32), y: exactly(32) })),
      abis: mapOf(fc.constantFrom(...ABI_CONTENT_TYPES), fc.uint8Array()),
      data: mapOf(text, fc.uint8Array()),
      interfaces: mapOf(exactly(4).map(toHex), exactly(20)),
      profileFingerprint: fc.option(exactly(32)),
    });
    await fc.assert(
      fc.asyncProperty(records, async (changes) => {
        const name = sampleName("any", changes);
        await store.changeName(name.node, (locked) => locked.save(name));
        expect(await store.nameOf(name.node)).to.deep.equal(name);
      }),
      { numRuns: 60 },
    );
  });

  it("lets fifty changes to a name that does not exist yet follow one another", async () => {
    const { node } = sampleName("counter");
    const countOf = ({ current }: Pick<LockedName, "current">) =>
      Number(current?.texts.get("count") ?? 0);
    const change = () =>
      store.changeName(node, async (locked) => {
        const count = countOf(locked) + 1;
        await delay(1);
        await locked.save(sampleName("counter", { texts: new Map([["count", String(count)]]) }));
        return count;
      });
    const counts = await Promise.all(Array.from({ length: 50 }, change));
    expect(counts.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(countOf({ current: await store.nameOf(node) })).to.equal(50);
  });

  it("does so whatever isolation the server prefers", async () => {
    const isolation = "-c default_transaction_isolation=serializable";
    const url = `${database.url}&options=${encodeURIComponent(isolation)}`;
    const strict = openPool({ url, schema: database.schema, maxConnections: 5 });
    const { rows } = await strict.query("show default_transaction_isolation");
    expect(rows).to.deep.equal([{ default_transaction_isolation: "serializable" }]);
    const { node } = sampleName("strict");
    const add = (locked: LockedName) => {
      const texts = new Map(locked.current?.texts).set(`k${locked.current?.texts.size ?? 0}`, "");
      return locked.save(sampleName("strict", { texts }));
    };
    const changes = Array.from({ length: 10 }, () => nameStore(strict).changeName(node, add));
    await Promise.all(changes);
    expect((await store.nameOf(node))?.texts.size).to.equal(10);
    await strict.end();
  });

  it("rolls back everything when the change throws, and passes on what it threw", async () => {
    const name = sampleName("undone");
    const refusal = new SignpostError("WRONG_SIGNER", "Not by this wallet.");
    const action = store.changeName(name.node, async (locked) => {
      await locked.retire(bytes(32, 9));
      await locked.save(name);
      throw refusal;
    });
    expect(await expectRejection(action, "WRONG_SIGNER", /^Not by this wallet\.$/)).to.equal(
      refusal,
    );
    expect(await store.nameOf(name.node)).to.equal(null);
    const retired = await store.changeName(name.node, (locked) => locked.hasRetired(bytes(32, 9)));
    expect(retired).to.equal(false);
  });

  it("remembers a retired profile, for its own name only", async () => {
    const { node } = sampleName("retired");
    await store.changeName(node, (locked) => locked.retire(bytes(32, 1)));
    await store.changeName(node, (locked) => locked.retire(bytes(32, 1))); // again: no matter
    const has = (of: Uint8Array, fingerprint: Uint8Array) =>
      store.changeName(of, (locked) => locked.hasRetired(fingerprint));
    expect(await has(node, bytes(32, 1))).to.equal(true);
    expect(await has(node, bytes(32, 2))).to.equal(false);
    expect(await has(sampleName("other").node, bytes(32, 1))).to.equal(false);
  });

  it("refuses to save another name than the locked one", async () => {
    const action = store.changeName(sampleName("a").node, (locked) => locked.save(sampleName("b")));
    await expectRejection(action, "INTERNAL", /had not locked/);
  });

  it("does not pretend to have kept a change whose statement failed", async () => {
    const name = sampleName("swallowed");
    const action = store.changeName(name.node, async (locked) => {
      await locked.save(name);
      await locked.retire(bytes(31, 1)).catch(() => undefined);
    });
    await expectRejection(action, "INTERNAL", /was rolled back/);
    expect(await store.nameOf(name.node)).to.equal(null);
  });

  it("reports a text that Postgres cannot store as a defect, not as an outage", async () => {
    for (const text of ["\0", "\ud800"]) {
      const name = sampleName("zero", { texts: new Map([["key", text]]) });
      const action = store.changeName(name.node, (locked) => locked.save(name));
      await expectRejection(action, "INTERNAL", /SQLSTATE 22P0[25]/);
    }
  });

  it("survives the loss of the connection in the middle of a change", async () => {
    const name = sampleName("lost");
    const action = store.changeName(name.node, async (locked) => {
      await locked.save(name);
      await database.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and state = 'idle in transaction'",
        [database.schema],
      );
      await delay(50);
      await locked.retire(bytes(32, 1));
    });
    await expectRejection(action, "DATABASE_UNAVAILABLE", /try again/);
    expect(await store.nameOf(name.node)).to.equal(null);
    await store.changeName(name.node, (locked) => locked.save(name));
    expect(await store.nameOf(name.node)).to.deep.equal(name);
  });
});
