import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { type Digest, digestFrom } from "../../src/abi/digest.js";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool } from "../../src/db/pool.js";
import { addressFrom } from "../../src/ens/address.js";
import { type Node, nodeFrom } from "../../src/ens/namehash.js";
import { ABI_CONTENT_TYPES } from "../../src/ens/records.js";
import { SignpostError } from "../../src/errors.js";
import { newApiKey } from "../../src/registry/domains/apiKey.js";
import { appendEntry } from "../../src/registry/history/historyChain.js";
import type { KnownName } from "../../src/registry/history/lockedName.js";
import { nameState } from "../../src/registry/names/nameState.js";
import { NEVER_SIGNED, type SignatureState } from "../../src/registry/names/signatureState.js";
import type { StoredName, VersionedName } from "../../src/registry/names/storedName.js";
import type { NameStore } from "../../src/registry/store.js";
import { expectRejection } from "../expectError.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { changeTo, putName } from "./putName.js";
import { bytes, DOMAIN, sampleName } from "./sampleNames.js";

describe("db/nameStore", () => {
  let database: MigratedPool;
  let store: NameStore;

  before(async () => {
    database = await openMigratedPool();
    store = nameStore(database.pool);
    await domainStore(database.pool).addDomain(
      { chainId: 1n, resolver: bytes(20, 9), domain: DOMAIN },
      newApiKey("key"),
    );
  });

  after(() => database.close());

  /** Without what the store adds: the version and the last sequence. */
  function withoutVersion(name: VersionedName | null): StoredName | null {
    if (!name) return null;
    const { version, sequence, ...stored } = name;
    expect(version > 0n && sequence >= 0).to.equal(true);
    return stored;
  }
  const stored = async (node: Node) => withoutVersion(await store.nameOf(node));
  /** What a change would know of the name, which it leaves as it is. */
  async function known(node: Node, fingerprint?: Digest): Promise<KnownName> {
    let found: KnownName | undefined;
    const target = { node, ...(fingerprint && { fingerprint }) };
    await store.changeNames([target], (name) => ((found = name), null));
    return found!;
  }
  const retire = (name: StoredName, fingerprint: Digest) =>
    store.changeNames([{ node: name.node }], (before) =>
      changeTo(before, name, { retired: [fingerprint] }),
    );

  it("answers null for a name that does not exist, and leaves no trace of the question", async () => {
    const { node } = sampleName("nobody");
    expect(await store.nameOf(node)).to.equal(null);
    expect(await known(node)).to.deep.equal({
      stored: null,
      signatureState: NEVER_SIGNED,
      end: null,
      isRetired: false,
      claimantNames: 0,
      domain: null,
      reservation: null,
      twins: { owned: [], reservations: [] },
    });
    const { rows } = await database.pool.query("select from name_head where node = $1", [node]);
    expect(rows).to.deep.equal([]);
  });

  it("returns what was saved, and then what replaced it", async () => {
    const first = sampleName("alice");
    await putName(store, first);
    expect(await stored(first.node)).to.deep.equal(first);
    const { version } = (await store.nameOf(first.node))!;
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
      held: false,
      suspension: { by: "admin", reason: "züri ' \" \\", atMs: 1_700_000_000_123 },
    });
    const [next] = await store.changeNames([{ node: first.node }], (before) => {
      expect(withoutVersion(before.stored)).to.deep.equal(first);
      expect(before.stored!.version).to.equal(version);
      return changeTo(before, second, { signatureState: { ...NEVER_SIGNED, sequence: 7 } });
    });
    expect(Number(next)).to.be.above(Number(version));
    expect(await store.nameOf(first.node)).to.deep.equal({ ...second, version: next, sequence: 7 });
  });

  it("takes a name away, and remembers its signature state and where its history ended", async () => {
    const name = sampleName("gone");
    const signatureState: SignatureState = {
      sequence: 3,
      writesAfterSec: 1_800_000_900,
      ownerChain: 2n ** 62n,
      givenUpBy: [`0x${"77".repeat(20)}`, `0x${"ab".repeat(20)}`],
      isGift: true,
    };
    await store.changeNames([{ node: name.node }], (before) =>
      changeTo(before, name, { signatureState }),
    );
    const versions = await store.changeNames([{ node: name.node }], ({ end, signatureState }) => {
      const state = nameState(name);
      const { sealed, end: next } = appendEntry(end, {
        name: name.name,
        atMs: 1,
        authority: { kind: "admin" },
        action: "delete",
        before: state,
        after: null,
      });
      return { after: null, retired: [], signatureState, entries: [sealed], end: next };
    });
    expect(versions).to.deep.equal([null]);
    expect(await store.nameOf(name.node)).to.equal(null);
    expect(await store.signatureStateOf(name.node)).to.deep.equal(signatureState);
    const after = await known(name.node);
    expect(after).to.deep.include({ stored: null, signatureState });
    expect({ ...after.end, version: null }).to.deep.equal(await store.historyEndOf(name.node));
    expect(after.end!.number).to.equal(2);
    const entries = await store.historyOf(name.node, 0, 10);
    expect(entries.map(({ entry }) => entry.operation)).to.deep.equal(["found", "delete"]);
    expect(await store.historyOf(name.node, 1, 10)).to.deep.equal(entries.slice(1));
    expect(await store.historyOf(name.node, 0, 1)).to.deep.equal(entries.slice(0, 1));
  });

  it("keeps the history from any change, by whoever writes to the database", async () => {
    await putName(store, sampleName("kept"));
    for (const sql of [
      "update name_history set number = number + 1",
      "delete from name_history",
      "truncate name_history",
    ]) {
      const error = await database.pool.query(sql).catch((thrown: unknown) => thrown);
      expect(error, sql).to.have.property("message", "name_history is append-only");
    }
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
      interfaces: mapOf(exactly(4).map(toHex), exactly(20).map(addressFrom)),
      profileFingerprint: fc.option(exactly(32).map(digestFrom)),
      held: fc.boolean(),
      suspension: fc.option(
        fc.record({
          by: fc.constantFrom("service" as const, "admin" as const),
          reason: text,
          atMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
        }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(records, async (changes) => {
        const name = sampleName("any", changes);
        await putName(store, name);
        expect(await stored(name.node)).to.deep.equal(name);
      }),
      { numRuns: 60 },
    );
  });

  it("lets fifty changes to a name that does not exist yet follow one another", async () => {
    const { node } = sampleName("counter");
    const countOf = (name: StoredName | null) => Number(name?.texts.get("count") ?? 0);
    const change = async () => {
      let count = 0;
      await store.changeNames([{ node }], (before) => {
        count = countOf(before.stored) + 1;
        return changeTo(
          before,
          sampleName("counter", { texts: new Map([["count", String(count)]]) }),
        );
      });
      return count;
    };
    const counts = await Promise.all(Array.from({ length: 50 }, change));
    expect(counts.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(countOf(await store.nameOf(node))).to.equal(50);
    const history = await store.historyOf(node, 0, 100);
    expect(history.map(({ entry }) => entry.number)).to.deep.equal(counts);
  });

  it("does so whatever isolation the server prefers", async () => {
    const isolation = "-c default_transaction_isolation=serializable";
    const url = `${database.url}&options=${encodeURIComponent(isolation)}`;
    const strict = openPool({ url, schema: database.schema, maxConnections: 5 });
    const { rows } = await strict.query("show default_transaction_isolation");
    expect(rows).to.deep.equal([{ default_transaction_isolation: "serializable" }]);
    const { node } = sampleName("strict");
    const add = (before: KnownName) => {
      const texts = new Map(before.stored?.texts).set(`k${before.stored?.texts.size ?? 0}`, "");
      return changeTo(before, sampleName("strict", { texts }));
    };
    await Promise.all(
      Array.from({ length: 10 }, () => nameStore(strict).changeNames([{ node }], add)),
    );
    expect((await store.nameOf(node))?.texts.size).to.equal(10);
    await strict.end();
  });

  it("rolls back everything when the decision throws, and passes on what it threw", async () => {
    const names = [sampleName("undone"), sampleName("undone-2")];
    const refusal = new SignpostError("WRONG_SIGNER", "Not by this wallet.");
    const targets = names.map(({ node }) => ({ node }));
    const action = store.changeNames(targets, (before, index) => {
      if (index === 1) throw refusal;
      return changeTo(before, names[index]!, { retired: [bytes(32, 9)] });
    });
    expect(await expectRejection(action, "WRONG_SIGNER", /^Not by this wallet\.$/)).to.equal(
      refusal,
    );
    for (const { node } of names) {
      expect(await store.nameOf(node)).to.equal(null);
      expect(await known(node, bytes(32, 9))).to.include({ end: null, isRetired: false });
    }
  });

  it("changes thousands of names at once, each with its own answer, whatever their order", async () => {
    const names = Array.from({ length: 2_500 }, (_, index) =>
      sampleName(`many-${index}`, { texts: new Map([["index", String(index)]]) }),
    );
    const targets = names.map(({ node }) => ({ node }));
    const versions = await store.changeNames(targets, (before, index) =>
      index % 5 === 0 ? null : changeTo(before, names[index]!),
    );
    for (const index of [0, 1, 2, 2_495, 2_499]) {
      const found = await store.nameOf(names[index]!.node);
      expect(found?.texts.get("index")).to.equal(index % 5 === 0 ? undefined : String(index));
      expect(versions[index]).to.equal(found?.version ?? null);
    }
  });

  it("never lets two batches wait for each other, however their names are ordered", async () => {
    const names = Array.from({ length: 300 }, (_, index) => sampleName(`both-${index}`));
    const batches = [names, [...names].reverse(), names, [...names].reverse()];
    await Promise.all(
      batches.map((batch) =>
        store.changeNames(
          batch.map(({ node }) => ({ node })),
          (before, index) => changeTo(before, batch[index]!),
        ),
      ),
    );
    for (const { node } of [names[0]!, names[299]!]) {
      expect((await store.historyEndOf(node))!.number).to.equal(4);
    }
  });

  it("lets others have their turn at each name of many: read, decided and written", async () => {
    const names = Array.from({ length: 20 }, (_, index) => sampleName(`paused-${index}`));
    let pauses = 0;
    const write = () =>
      store.changeNames(
        names.map(({ node }) => ({ node })),
        (before, index) => changeTo(before, names[index]!),
        () => {
          pauses++;
          return Promise.resolve();
        },
      );
    await write();
    expect(pauses).to.be.at.least(3 * names.length);
    pauses = 0;
    await write();
    expect(pauses).to.be.at.least(4 * names.length);
    expect((await store.historyEndOf(names[19]!.node))!.number).to.equal(2);
  });

  it("remembers a retired profile, for its own name only", async () => {
    const name = sampleName("retired");
    await retire(name, bytes(32, 1));
    await retire(name, bytes(32, 1)); // again: no matter
    const has = async (of: Node, fingerprint: Digest) => (await known(of, fingerprint)).isRetired;
    expect(await has(name.node, bytes(32, 1))).to.equal(true);
    expect(await has(name.node, bytes(32, 2))).to.equal(false);
    expect(await has(sampleName("other").node, bytes(32, 1))).to.equal(false);
  });

  it("counts the names of a claimant under one domain, but not the one made of its address", async () => {
    const wallet = bytes(20, 0x77);
    const owned = (label: string) => sampleName(label, { addresses: new Map([[60n, wallet]]) });
    await putName(store, owned(`0x${"77".repeat(20)}`));
    const claimant = { wallet, domain: DOMAIN };
    const counts: number[] = [];
    for (const label of ["one", "two", "three"]) {
      const { node } = owned(label);
      await store.changeNames([{ node, claimant }], (before) => {
        counts.push(before.claimantNames);
        return changeTo(before, owned(label));
      });
    }
    expect(counts).to.deep.equal([0, 1, 2]);
  });

  it("lists the names of a domain by prefix, in pages, in the order of their bytes", async () => {
    const labels = ["list-b", "list-ö", "list-a", "list-a-1", "list", "list-📬"];
    for (const label of labels) await putName(store, sampleName(label));
    const page = async (prefix: string, after: string, limit: number) => {
      const { items, next } = await store.namesOfDomain(DOMAIN, { prefix, after, limit });
      return [...items.map(({ name }) => name.slice(0, -DOMAIN.length - 1)), next];
    };
    const all = ["list-a-1", "list-a", "list-b", "list-ö", "list-📬", "list"];
    expect(await page("list", "", 10)).to.deep.equal([...all, null]);
    expect(await page("list-", "", 10)).to.deep.equal([...all.slice(0, 5), null]);
    expect(await page("list", "", 2)).to.deep.equal(["list-a-1", "list-a", `list-a.${DOMAIN}`]);
    expect(await page("list", `list-a.${DOMAIN}`, 2)).to.deep.equal([
      "list-b",
      "list-ö",
      `list-ö.${DOMAIN}`,
    ]);
    expect(await page("list", `list-ö.${DOMAIN}`, 2)).to.deep.equal(["list-📬", "list", null]);
    // exactly as many as a page takes: there is none behind it
    expect(await page("list", "", 6)).to.deep.equal([...all, null]);
    expect(await page("list", "", 5)).to.deep.equal([...all.slice(0, 5), `list-📬.${DOMAIN}`]);
    expect(await page("lisu", "", 2)).to.deep.equal([null]);
  });

  it("hides of them what a domain below holds, and no name that only looks like one of those", async () => {
    const below = `_b.${DOMAIN}`;
    await putName(store, sampleName("under-c.ab"));
    await putName(store, sampleName("under-c._b"));
    // as a build before this one did
    await database.pool.query("insert into domain (name) values ($1)", [below]);
    const { items } = await store.namesOfDomain(DOMAIN, { prefix: "under-", after: "", limit: 9 });
    expect(items.map(({ name }) => name)).to.deep.equal([`under-c.ab.${DOMAIN}`]);
    await database.pool.query("delete from domain where name = $1", [below]);
  });

  it("finds a domain's names, and a wallet's, by an index", async () => {
    const plans = [
      {
        sql: `select 1 from name where domain = $1 and name collate "C" > $2 order by name collate "C"`,
        ...{ index: "name_domain_name", without: "name_owner_domain_name" },
      },
      {
        sql: "select 1 from name where addresses ->> '60' = $1 and domain = $2",
        // of so few rows either would do
        ...{ index: "name_owner_domain_name", without: "name_domain_name" },
      },
    ];
    const connection = await database.pool.connect();
    const found: string[] = [];
    for (const { sql, without } of plans) {
      await connection.query("begin; set local enable_seqscan = off");
      await connection.query(`set local enable_bitmapscan = off; drop index ${without}`);
      const { rows } = await connection.query<{ "QUERY PLAN": string }>(`explain ${sql}`, [
        "a",
        "b",
      ]);
      await connection.query("rollback");
      found.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
    }
    connection.release(true);
    plans.forEach(({ index }, at) => {
      expect(found[at]).to.include(index);
    });
  });

  it("tells every node that has a name or a history, in pages", async () => {
    const found: string[] = [];
    for (let after: Node | null = null; ;) {
      const nodes: readonly Node[] = await store.nodes(after, 700);
      found.push(...nodes.map(toHex));
      after = nodes.at(-1) ?? null;
      if (nodes.length < 700) break;
    }
    const whole = (await store.nodes(null, found.length)).map(toHex);
    expect(whole).to.deep.equal(found);
    expect(await store.nodes(nodeFrom(fromHex(whole.at(-1)!)), 1)).to.deep.equal([]);
    expect((await store.nodes(nodeFrom(fromHex(whole.at(-3)!)), 2)).map(toHex)).to.deep.equal(
      whole.slice(-2),
    );
    expect(found).to.deep.equal([...found].sort());
    expect(new Set(found).size).to.equal(found.length);
    const { rows } = await database.pool.query<{ count: string }>(
      "select count(distinct node) from (select node from name union all select node from name_history) n",
    );
    expect(found).to.have.length(Number(rows[0]!.count));
    expect(found).to.include(toHex(sampleName("gone").node));
  });

  it("refuses to save another name than the locked one, and to change one name twice at once", async () => {
    const [a, b] = [sampleName("a"), sampleName("b")];
    await expectRejection(
      store.changeNames([{ node: a.node }], (before) => changeTo(before, b)),
      "INTERNAL",
      /had not locked/,
    );
    await expectRejection(
      store.changeNames([{ node: a.node }, { node: a.node }], () => null),
      "INTERNAL",
      /one name twice/,
    );
  });

  it("reports a text that Postgres cannot store as a defect, not as an outage", async () => {
    for (const text of ["\0", "\ud800"]) {
      const name = sampleName("zero", { texts: new Map([["key", text]]) });
      await expectRejection(putName(store, name), "INTERNAL", /SQLSTATE 22P0[25]/);
    }
  });

  it("survives the loss of the connection in the middle of a change", async () => {
    const name = sampleName("lost");
    await putName(store, name);
    const holder = await database.pool.connect();
    await holder.query("begin");
    await holder.query("select from name_head where node = $1 for update", [name.node]);
    const action = putName(store, sampleName("lost", { texts: new Map() }));
    await delay(100);
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'",
      [database.schema],
    );
    await expectRejection(action, "DATABASE_UNAVAILABLE", /try again/);
    await holder.query("rollback");
    holder.release();
    expect(await stored(name.node)).to.deep.equal(name);
    await putName(store, name);
  });
});
