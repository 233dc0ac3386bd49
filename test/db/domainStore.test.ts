import { expect } from "chai";
import { ownDomain } from "../../src/db/domainLocks.js";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { recordSource } from "../../src/db/recordSource.js";
import { normalizeName } from "../../src/ens/normalize.js";
import { newApiKey } from "../../src/registry/domains/apiKey.js";
import type { DomainStore } from "../../src/registry/store.js";
import { expectRejection } from "../expectError.js";
import { everyKey } from "../registry/access/everyKey.js";
import { FIRST_POLICY } from "../registry/firstPolicy.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { putName } from "./putName.js";
import { bytes, sampleName } from "./sampleNames.js";

const keyOf = (fill: number) => ({ ...newApiKey(""), hash: bytes(32, fill) });
const served = (domain: string) => ({ chainId: 1n, resolver: bytes(20, 9), domain });

describe("db/domainStore", () => {
  let database: MigratedPool;
  let store: DomainStore;

  beforeEach(async () => {
    database = await openMigratedPool();
    store = domainStore(database.pool);
  });

  afterEach(() => database.close());

  const domainOf = async (fill: number) => (await store.apiKeyOf(bytes(32, fill)))?.domain ?? null;

  it("has no domains at first", async () => {
    expect(await store.domains()).to.deep.equal([]);
    expect(await domainOf(1)).to.equal(null);
    expect(await recordSource(database.pool).servedResolvers()).to.deep.equal([]);
  });

  it("finds a domain by the hash of its API key, and by no other", async () => {
    await store.addDomain(served("b.eth"), keyOf(2));
    await store.addDomain(served("a.eth"), keyOf(1));
    expect(await domainOf(1)).to.equal("a.eth");
    expect(await domainOf(2)).to.equal("b.eth");
    expect(await domainOf(3)).to.equal(null);
    expect(await store.domains()).to.deep.equal([
      { name: "a.eth", owner: null, policy: FIRST_POLICY, ownerSignsIn: false, frozen: null },
      { name: "b.eth", owner: null, policy: FIRST_POLICY, ownerSignsIn: false, frozen: null },
    ]);
  });

  it("takes a resolver back, and a domain that has no names with all that is its", async () => {
    await store.addDomain(served("a.eth"), keyOf(1));
    await store.reserve({
      domain: "a.eth",
      name: normalizeName("x.a.eth"),
      wallet: null,
      untilMs: null,
    });
    expect(await store.disconnectResolver(served("a.eth"))).to.equal(true);
    expect(await store.disconnectResolver(served("a.eth"))).to.equal(false);
    expect(await store.resolversOf("a.eth")).to.deep.equal([]);
    await putName(nameStore(database.pool), sampleName("alice", { domain: "a.eth" }));
    await expectRejection(store.removeDomain("a.eth"), "INVALID_REQUEST", /a\.eth has names/);
    expect(await domainOf(1)).to.equal("a.eth");
    await database.pool.query("delete from name");
    await store.removeDomain("a.eth");
    expect(await domainOf(1)).to.equal(null);
    expect(await store.domains()).to.deep.equal([]);
    await expectRejection(store.removeDomain("a.eth"), "NOT_FOUND", /does not exist/);
    await store.addDomain(served("a.eth"), keyOf(1));
  });

  it("adds a domain once, also when two do it at the same moment", async () => {
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((fill) => store.addDomain(served("a.eth"), keyOf(fill))),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).to.have.length(1);
    const again = store.addDomain(served("a.eth"), keyOf(4));
    await expectRejection(again, "NAME_TAKEN", /a\.eth exists already/);
    expect(await domainOf(4)).to.equal(null);
  });

  it("refuses an API key that another domain has, and a hash of the wrong size", async () => {
    await store.addDomain(served("a.eth"), keyOf(1));
    await expectRejection(
      store.addDomain(served("b.eth"), keyOf(1)),
      "INTERNAL",
      /api_key_hash_key/,
    );
    await expectRejection(
      store.addDomain(served("b.eth"), { ...keyOf(2), hash: bytes(31, 2) }),
      "INTERNAL",
      /api_key_hash_check/,
    );
  });

  it("has several keys of a domain, and replaces them all at once", async () => {
    await store.addDomain(served("a.eth"), keyOf(1));
    const id = await store.addApiKey("a.eth", {
      hash: bytes(32, 2),
      label: "reader",
      scopes: ["names:read"],
      limits: { changesPerMinute: 1, changesPerDay: 2 },
    });
    const [first, reader] = await everyKey(store, "a.eth");
    expect(first).to.include({ label: "first key", lastUsedMs: null, revokedMs: null });
    expect(reader).to.deep.include({
      id,
      domain: "a.eth",
      label: "reader",
      scopes: ["names:read"],
      limits: { changesPerMinute: 1, changesPerDay: 2 },
    });
    expect(await store.apiKeyOf(bytes(32, 2))).to.deep.equal(reader);
    await store.replaceApiKeys("a.eth", keyOf(3));
    expect([await domainOf(1), await domainOf(2), await domainOf(3)]).to.deep.equal([
      null,
      null,
      "a.eth",
    ]);
    for (const action of [
      store.replaceApiKeys("b.eth", keyOf(4)),
      store.addApiKey("b.eth", keyOf(5)),
    ]) {
      await expectRejection(action, "NOT_FOUND", /b\.eth does not exist/);
    }
  });

  it("revokes a key for good, and of its own domain only", async () => {
    await store.addDomain(served("a.eth"), keyOf(1));
    await store.addDomain(served("b.eth"), keyOf(2));
    const [key] = await everyKey(store, "a.eth");
    expect(await store.revokeApiKey("b.eth", key!.id)).to.equal(false);
    expect(await domainOf(1)).to.equal("a.eth");
    expect(await store.revokeApiKey("a.eth", key!.id)).to.equal(true);
    expect(await store.revokeApiKey("a.eth", key!.id)).to.equal(false);
    expect(await domainOf(1)).to.equal(null);
    expect((await everyKey(store, "a.eth"))[0]!.revokedMs).to.be.a("number");
  });

  it("notes the use of a key at most once a minute", async () => {
    await store.addDomain(served("a.eth"), keyOf(1));
    const read = async () => (await everyKey(store, "a.eth"))[0]!;
    const { id } = await read();
    await store.noteUse(id);
    const first = (await read()).lastUsedMs;
    expect(first).to.be.closeTo(Date.now(), 60_000);
    await store.noteUse(id);
    expect((await read()).lastUsedMs).to.equal(first);
    await database.pool.query("update api_key set last_used_at = now() - interval '61 seconds'");
    await store.noteUse(id);
    expect((await read()).lastUsedMs).to.be.at.least(first!);
  });

  it("changes what is given of a domain, and nothing else", async () => {
    await store.addDomain(served("a.eth"), keyOf(1));
    const owner = bytes(20, 7);
    const policy = { claims: "wallets", reservedLabels: ["admin"] } as const;
    const changed = {
      ...{ name: "a.eth", owner, ownerSignsIn: false, frozen: null },
      policy: { ...FIRST_POLICY, ...policy },
    };
    expect(await store.changeDomain("a.eth", { owner, policy })).to.deep.equal(changed);
    expect(await store.changeDomain("a.eth", {})).to.deep.equal(changed);
    expect(await store.domainHolding(normalizeName("x.a.eth"))).to.deep.equal(changed);
    const none = await store.changeDomain("a.eth", { owner: null, policy: { aliases: false } });
    expect(none).to.deep.equal({
      ...changed,
      owner: null,
      policy: { ...changed.policy, aliases: false },
    });
    await expectRejection(store.changeDomain("b.eth", {}), "NOT_FOUND", /b\.eth does not exist/);
  });

  it("keeps reservations, in pages", async () => {
    await store.addDomain(served("a.eth"), keyOf(1));
    const reservation = (name: string, untilMs: number | null = null) => ({
      domain: "a.eth",
      name: normalizeName(name),
      wallet: untilMs === null ? null : bytes(20, 3),
      untilMs,
    });
    const Y = normalizeName("y.a.eth");
    const all = ["x.a.eth", "y.a.eth", "z.a.eth"].map((name) => reservation(name));
    for (const one of [...all].reverse()) await store.reserve(one);
    const moved = reservation("y.a.eth", 1_800_000_000_123);
    await store.reserve(moved);
    expect(await store.reservationsOf("a.eth", "", 2)).to.deep.equal({
      items: [all[0], moved],
      next: "y.a.eth",
    });
    expect(await store.reservationsOf("a.eth", "y.a.eth", 2)).to.deep.equal({
      items: [all[2]],
      next: null,
    });
    // exactly as many as a page takes: there is none behind it
    expect((await store.reservationsOf("a.eth", "", 3)).next).to.equal(null);
    expect(await store.removeReservation("b.eth", Y)).to.equal(false);
    expect(await store.removeReservation("a.eth", Y)).to.equal(true);
    expect(await store.removeReservation("a.eth", Y)).to.equal(false);
  });

  it("connects resolvers of any chain, each once", async () => {
    await store.addDomain(served("a.eth"), keyOf(1));
    await store.addDomain(served("b.eth"), keyOf(2));
    const resolvers = [
      { chainId: 1n, resolver: bytes(20, 1), domain: "a.eth" },
      { chainId: 1n, resolver: bytes(20, 1), domain: "b.eth" },
      { chainId: 1n, resolver: bytes(20, 2), domain: "a.eth" },
      { chainId: 2n ** 256n - 1n, resolver: bytes(20, 1), domain: "a.eth" },
    ];
    for (const resolver of [...resolvers, ...resolvers]) await store.connectResolver(resolver);
    expect(await recordSource(database.pool).servedResolvers()).to.have.deep.members([
      ...resolvers,
      served("a.eth"),
      served("b.eth"),
    ]);
  });

  it("adds the domain's resolver with it, and neither when the resolver is none", async () => {
    await store.addDomain(served("a.eth"), keyOf(1));
    expect(await recordSource(database.pool).servedResolvers()).to.deep.equal([served("a.eth")]);
    const broken = store.addDomain({ ...served("b.eth"), resolver: bytes(19, 1) }, keyOf(2));
    await expectRejection(broken, "INTERNAL", /resolver_address_check/);
    expect((await store.domains()).map(({ name }) => name)).to.deep.equal(["a.eth"]);
  });

  it("keeps who reserves waiting for a longer change for three seconds, and no connection for longer", async () => {
    await store.addDomain(served("a.eth"), keyOf(1));
    const handOver = await database.pool.connect();
    await handOver.query("begin");
    await ownDomain(handOver, "a.eth");
    const name = normalizeName("alice.a.eth");
    const reserve = store.reserve({ domain: "a.eth", name, wallet: null, untilMs: null });
    const error = await expectRejection(reserve, "LIMIT_EXCEEDED", /longer than 3 seconds/);
    expect(error.details).to.deep.equal({ retryAfterSec: 3 });
    await handOver.query("rollback");
    handOver.release();
  });

  it("knows the most specific domain that holds a name", async () => {
    await store.addDomain(served("a.eth"), keyOf(1));
    await store.addDomain(served("b.a.eth"), keyOf(2));
    const holding = async (name: string) => (await store.domainHolding(normalizeName(name)))?.name;
    expect(await holding("a.eth")).to.equal("a.eth");
    expect(await holding("c.a.eth")).to.equal("a.eth");
    expect(await holding("b.a.eth")).to.equal("b.a.eth");
    expect(await holding("x.y.b.a.eth")).to.equal("b.a.eth");
    expect(await holding("bb.a.eth")).to.equal("a.eth");
    expect(await holding("eth")).to.equal(undefined);
    expect(await holding("other.eth")).to.equal(undefined);
  });

  it("connects no resolver to a domain that does not exist", async () => {
    const action = store.connectResolver({
      chainId: 1n,
      resolver: bytes(20, 1),
      domain: "nowhere.eth",
    });
    await expectRejection(action, "NOT_FOUND", /nowhere\.eth does not exist here/);
  });
});
