import { expect } from "chai";
import { domainStore } from "../../src/db/domainStore.js";
import { recordSource } from "../../src/db/recordSource.js";
import type { DomainStore } from "../../src/registry/store.js";
import { expectRejection } from "../expectError.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { bytes } from "./sampleNames.js";

const served = (domain: string) => ({ chainId: 1n, resolver: bytes(20, 9), domain });

describe("db/domainStore", () => {
  let database: MigratedPool;
  let store: DomainStore;

  beforeEach(async () => {
    database = await openMigratedPool();
    store = domainStore(database.pool);
  });

  afterEach(() => database.close());

  it("has no domains at first", async () => {
    expect(await store.domains()).to.deep.equal([]);
    expect(await store.domainOfApiKey(bytes(32, 1))).to.equal(null);
    expect(await recordSource(database.pool).servedResolvers()).to.deep.equal([]);
  });

  it("finds a domain by the hash of its API key, and by no other", async () => {
    await store.addDomain(served("b.eth"), bytes(32, 2));
    await store.addDomain(served("a.eth"), bytes(32, 1));
    expect(await store.domainOfApiKey(bytes(32, 1))).to.deep.equal({ name: "a.eth" });
    expect(await store.domainOfApiKey(bytes(32, 2))).to.deep.equal({ name: "b.eth" });
    expect(await store.domainOfApiKey(bytes(32, 3))).to.equal(null);
    expect(await store.domains()).to.deep.equal([{ name: "a.eth" }, { name: "b.eth" }]);
  });

  it("adds a domain once, also when two do it at the same moment", async () => {
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((fill) => store.addDomain(served("a.eth"), bytes(32, fill))),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).to.have.length(1);
    const again = store.addDomain(served("a.eth"), bytes(32, 4));
    await expectRejection(again, "NAME_TAKEN", /a\.eth exists already/);
    expect(await store.domainOfApiKey(bytes(32, 4))).to.equal(null);
  });

  it("refuses an API key that another domain has, and a hash of the wrong size", async () => {
    await store.addDomain(served("a.eth"), bytes(32, 1));
    await expectRejection(
      store.addDomain(served("b.eth"), bytes(32, 1)),
      "INTERNAL",
      /domain_api_key_hash_key/,
    );
    await expectRejection(
      store.addDomain(served("b.eth"), bytes(31, 2)),
      "INTERNAL",
      /domain_api_key_hash_check/,
    );
  });

  it("replaces an API key", async () => {
    await store.addDomain(served("a.eth"), bytes(32, 1));
    await store.setApiKeyHash("a.eth", bytes(32, 2));
    expect(await store.domainOfApiKey(bytes(32, 1))).to.equal(null);
    expect(await store.domainOfApiKey(bytes(32, 2))).to.deep.equal({ name: "a.eth" });
    await expectRejection(
      store.setApiKeyHash("b.eth", bytes(32, 3)),
      "NOT_FOUND",
      /b\.eth does not exist/,
    );
  });

  it("connects resolvers of any chain, each once", async () => {
    await store.addDomain(served("a.eth"), bytes(32, 1));
    await store.addDomain(served("b.eth"), bytes(32, 2));
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
    await store.addDomain(served("a.eth"), bytes(32, 1));
    expect(await recordSource(database.pool).servedResolvers()).to.deep.equal([served("a.eth")]);
    const broken = store.addDomain({ ...served("b.eth"), resolver: bytes(19, 1) }, bytes(32, 2));
    await expectRejection(broken, "INTERNAL", /resolver_address_check/);
    expect(await store.domains()).to.deep.equal([{ name: "a.eth" }]);
  });

  it("knows the most specific domain that holds a name", async () => {
    await store.addDomain(served("a.eth"), bytes(32, 1));
    await store.addDomain(served("b.a.eth"), bytes(32, 2));
    const holding = async (name: string) => (await store.domainHolding(name))?.name;
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
