import { expect } from "chai";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool } from "../../src/db/pool.js";
import { countServedNames } from "../../src/db/servedNames.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { putName } from "./putName.js";
import { bytes, DOMAIN, sampleName } from "./sampleNames.js";

const SERVED = { chainId: 1n, resolver: bytes(20, 0x5f), domain: DOMAIN };

describe("db/servedNames", () => {
  let database: MigratedPool;

  before(async () => {
    database = await openMigratedPool();
    const { pool } = database;
    await addDomain(domainStore(pool), SERVED, apiKeyFrom(bytes(32, 7)));
    for (const label of ["alice", "bob"]) await putName(nameStore(pool), sampleName(label));
  });
  after(() => database.close());

  const count = (name: string, served: Partial<typeof SERVED> = {}) =>
    countServedNames(database.pool, name, { ...SERVED, ...served });

  it("counts the names at and below a name: of the domain, above it and in it", async () => {
    expect(await count(DOMAIN)).to.equal(2);
    expect(await count("example.eth")).to.equal(2);
    expect(await count(`alice.${DOMAIN}`)).to.equal(1);
    expect(await count(`carol.${DOMAIN}`)).to.equal(0);
  });

  it("counts under an alias what its domain has", async () => {
    const domains = domainStore(database.pool);
    expect(await count("users.alias.eth")).to.equal(null);
    await domains.addAlias({ alias: "users.alias.eth", domain: DOMAIN });
    expect(await count("users.alias.eth")).to.equal(2);
    expect(await count("alice.users.alias.eth")).to.equal(1);
    await domains.removeAlias("users.alias.eth");
  });

  it("is null for names and resolvers that the installation does not serve", async () => {
    expect(await count("other.eth")).to.equal(null);
    // not below it, although the text ends alike
    expect(await count(`x${DOMAIN}`)).to.equal(null);
    expect(await count("ample.eth")).to.equal(null);
    expect(await count(DOMAIN, { chainId: 2n })).to.equal(null);
    expect(await count(DOMAIN, { resolver: bytes(20, 0x60) })).to.equal(null);
  });

  it("is null where the registry never ran", async () => {
    const scratch = await openScratchDatabase();
    const pool = openPool({ url: scratch.url });
    try {
      expect(await countServedNames(pool, DOMAIN, SERVED)).to.equal(null);
    } finally {
      await pool.end();
      await scratch.close();
    }
  });
});
