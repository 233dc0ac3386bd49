import { expect } from "chai";
import { publishedNames } from "../../../src/capabilities/registry/publishedNames.js";
import { domainStore } from "../../../src/db/domainStore.js";
import { nameStore } from "../../../src/db/nameStore.js";
import { newApiKey } from "../../../src/registry/domains/apiKey.js";
import { type MigratedPool, openMigratedPool } from "../../db/migratedPool.js";
import { putName } from "../../db/putName.js";
import { bytes, DOMAIN, sampleName } from "../../db/sampleNames.js";

const ALIAS = "users.alias.eth";

describe("registry/publishedNames", () => {
  let database: MigratedPool;
  const urlBefore = process.env["DATABASE_URL"];

  before(async () => {
    database = await openMigratedPool();
    process.env["DATABASE_URL"] = database.url;
    const domains = domainStore(database.pool);
    const served = { domain: DOMAIN, chainId: 1n, resolver: bytes(20, 9) };
    await domains.addDomain(served, { ...newApiKey(""), hash: bytes(32, 1) });
    await domains.addAlias({ alias: ALIAS, domain: DOMAIN });
    for (const label of ["alice", "bob"])
      await putName(nameStore(database.pool), sampleName(label));
  });
  after(async () => {
    if (urlBefore === undefined) delete process.env["DATABASE_URL"];
    else process.env["DATABASE_URL"] = urlBefore;
    await database.close();
  });

  const namesBelow = (domain: string) => ["alice", "bob"].map((label) => `${label}.${domain}`);

  it("are a domain's own, and below an alias its domain's, spelled below the alias", async () => {
    for (const domain of [DOMAIN, ALIAS]) {
      const expected = { kind: "names", names: namesBelow(domain), areAll: true };
      expect(await publishedNames(domain)).to.deep.equal(expected);
    }
    expect(await publishedNames("alias.eth")).to.deep.equal({ kind: "not-served" });
  });

  it("are found in the tables of an earlier version, which has no aliases", async () => {
    await database.pool.query("drop table domain_alias");
    expect(await publishedNames(DOMAIN)).to.include({ kind: "names" });
    expect(await publishedNames(ALIAS)).to.deep.equal({ kind: "not-served" });
  });
});
