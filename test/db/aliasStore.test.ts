/** Alias domains that come and go, on a real Postgres. */
import { expect } from "chai";
import { namespacesIn } from "../../src/db/aliasRow.js";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { recordSource } from "../../src/db/recordSource.js";
import { namehash } from "../../src/ens/namehash.js";
import { normalizeName } from "../../src/ens/normalize.js";
import { isSignpostError } from "../../src/errors.js";
import { changeName } from "../../src/registry/changes/changeName.js";
import { handOverAsAdmin } from "../../src/registry/changes/handOverName.js";
import { newApiKey } from "../../src/registry/domains/apiKey.js";
import type { DomainStore, NameStore } from "../../src/registry/store.js";
import { expectRejection } from "../expectError.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { putName } from "./putName.js";
import { bytes, sampleName } from "./sampleNames.js";

const DOMAIN = "users.example.eth";
const handOver = handOverAsAdmin(Date.now);

describe("db/aliasStore", () => {
  let database: MigratedPool;
  let store: DomainStore;
  let names: NameStore;
  let keys = 0;

  beforeEach(async () => {
    database = await openMigratedPool();
    store = domainStore(database.pool);
    names = nameStore(database.pool);
    await add(DOMAIN);
  });
  afterEach(() => database.close());

  const add = (domain: string) =>
    store.addDomain(
      { chainId: 1n, resolver: bytes(20, 9), domain },
      { ...newApiKey(""), hash: bytes(32, ++keys) },
      handOver,
    );
  const alias = (name: string, domain = DOMAIN) => store.addAlias({ alias: name, domain });
  const put = (name: string, domain: string) =>
    putName(names, { ...sampleName("x"), name: normalizeName(name), node: namehash(name), domain });
  const create = (name: string, domain: string) =>
    changeName(
      { names, domains: store },
      { domain, name, actions: [{ kind: "create" }], authority: { kind: "admin" } },
      Date.now,
    );

  it("adds, lists and removes them, and tells the gateway of them with the domains", async () => {
    expect(await store.aliases()).to.deep.equal([]);
    expect(await alias("users.alias.eth")).to.deep.equal({ above: null });
    expect(await alias("a.eth")).to.deep.equal({ above: null });
    const aliases = [
      { alias: "a.eth", domain: DOMAIN },
      { alias: "users.alias.eth", domain: DOMAIN },
    ];
    expect(await store.aliases()).to.deep.equal(aliases);
    await add("silent.eth");
    await store.disconnectResolver({ chainId: 1n, resolver: bytes(20, 9), domain: "silent.eth" });
    const serving = await recordSource(database.pool).serving();
    expect(serving.resolvers).to.deep.equal([
      { chainId: 1n, resolver: bytes(20, 9), domain: DOMAIN },
    ]);
    expect([...serving.domains].sort()).to.deep.equal(["silent.eth", DOMAIN]);
    expect(serving.aliases).to.have.deep.members(aliases);
    expect(await store.removeAlias("a.eth")).to.equal(DOMAIN);
    expect(await store.removeAlias("a.eth")).to.equal(null);
    expect(await store.aliases()).to.deep.equal(aliases.slice(1));
  });

  it("refuses what is a domain, or an alias already, and a domain that takes an alias's name", async () => {
    await add("other.eth");
    await alias("a.eth");
    await expectRejection(alias("other.eth"), "NAME_TAKEN", /other\.eth is a domain here/);
    await expectRejection(alias(DOMAIN), "NAME_TAKEN", /is a domain here/);
    for (const domain of [DOMAIN, "other.eth"]) {
      const { details } = await expectRejection(
        alias("a.eth", domain),
        "NAME_TAKEN",
        /of the domain users/,
      );
      expect(details).to.deep.equal({ name: "a.eth" });
    }
    await expectRejection(add("a.eth"), "NAME_TAKEN", /a\.eth is an alias of the domain users/);
    await store.removeAlias("a.eth");
    await add("a.eth");
  });

  it("refuses an alias of an alias, of nothing, and of a name that is no domain", async () => {
    await alias("a.eth");
    await expectRejection(alias("b.eth", "a.eth"), "INVALID_REQUEST", /Add the alias to users\.ex/);
    for (const domain of ["nothing.eth", `alice.${DOMAIN}`]) {
      await expectRejection(alias("b.eth", domain), "NOT_FOUND", /does not exist here/);
    }
    expect(await store.aliases()).to.have.length(1);
  });

  it("refuses to hide names and reservations, but not those that a domain below it holds", async () => {
    await add("service.eth");
    await put("alice.old.service.eth", "service.eth");
    await expectRejection(
      alias("old.service.eth"),
      "INVALID_REQUEST",
      /alice\.old\.service\.eth is published or reserved/,
    );
    await expectRejection(alias("alice.old.service.eth"), "INVALID_REQUEST", /published/);
    await add("alice.old.service.eth");
    await put("x.alice.old.service.eth", "alice.old.service.eth");
    expect(await alias("old.service.eth")).to.deep.equal({ above: "service.eth" });
    await store.removeAlias("old.service.eth");
    const name = normalizeName("bob.old.service.eth");
    await store.reserve({ domain: "service.eth", name, wallet: null, untilMs: null });
    await expectRejection(alias("old.service.eth"), "INVALID_REQUEST", /bob\.old.*reserved/);
    // "_" is a character like any other
    expect(await alias("_ld.service.eth")).to.deep.equal({ above: "service.eth" });
  });

  it("holds no names: not by the domain above it, not by reservations, not by what is left of a domain below", async () => {
    await add("service.eth");
    await alias("old.service.eth");
    await create("x.service.eth", "service.eth");
    await expectRejection(create("x.old.service.eth", "service.eth"), "FORBIDDEN", /Use x\.users/);
    const name = normalizeName("x.old.service.eth");
    const reservation = store.reserve({ domain: "service.eth", name, wallet: null, untilMs: null });
    await expectRejection(reservation, "FORBIDDEN", /does not belong to service\.eth/);
    expect(await store.domainHolding(name)).to.equal(null);
    expect(await add("deep.old.service.eth")).to.include({ other: null });
    await create("x.deep.old.service.eth", "deep.old.service.eth");
    const removal = store.removeDomain("deep.old.service.eth", handOver);
    await expectRejection(removal, "INVALID_REQUEST", /has names/);
  });

  it("goes with its domain", async () => {
    await add("b.eth");
    await alias("a.eth");
    await alias("z.eth", "b.eth");
    await store.removeDomain(DOMAIN);
    expect(await store.aliases()).to.deep.equal([{ alias: "z.eth", domain: "b.eth" }]);
    await database.pool.query("delete from api_key; delete from resolver; delete from domain");
    expect(await store.aliases()).to.deep.equal([]);
  });

  it("never has a name below it that was made at the same moment", async () => {
    await add("service.eth");
    for (let round = 0; round < 20; round++) {
      const place = `old-${round}.service.eth`;
      const code = (action: Promise<unknown>) =>
        action.then(
          () => "done",
          (error: unknown) => (isSignpostError(error) ? error.code : String(error)),
        );
      const [made, added] = await Promise.all([
        code(create(`x.${place}`, "service.eth")),
        code(alias(place)),
      ]);
      expect([
        ["done", "INVALID_REQUEST"],
        ["FORBIDDEN", "done"],
      ]).to.deep.include([made, added]);
    }
  });

  it("is unknown to the tables of an earlier version", async () => {
    await alias("a.eth");
    expect((await namespacesIn(database.pool)).get("a.eth")).to.equal(DOMAIN);
    await database.pool.query("drop table domain_alias");
    expect((await namespacesIn(database.pool)).get("a.eth")).to.equal(undefined);
  });
});
