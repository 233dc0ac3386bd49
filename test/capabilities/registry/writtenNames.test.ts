import { expect } from "chai";
import { noting } from "../../../src/capabilities/registry/writtenNames.js";
import { domainStore } from "../../../src/db/domainStore.js";
import { nameStore } from "../../../src/db/nameStore.js";
import { addDomain } from "../../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { type MigratedPool, openMigratedPool } from "../../db/migratedPool.js";
import { changeTo, putName } from "../../db/putName.js";
import { bytes, DOMAIN, sampleName } from "../../db/sampleNames.js";

describe("capabilities/registry/writtenNames", () => {
  let database: MigratedPool;

  before(async () => {
    database = await openMigratedPool();
    const served = { domain: DOMAIN, chainId: 1n, resolver: bytes(20, 1) };
    await addDomain(domainStore(database.pool), served, apiKeyFrom(bytes(32, 2)));
  });
  after(() => database.close());

  it("tells of each name that was written, once it is, and of none that was not", async () => {
    const written: string[] = [];
    const names = noting(nameStore(database.pool), (name) => written.push(name));
    const [alice, bob] = [sampleName("alice"), sampleName("bob")];
    await putName(names, alice);
    expect(written).to.deep.equal([alice.name]);
    const failure = names.changeNames([{ node: bob.node }], (known) => {
      changeTo(known, bob);
      throw new Error("no");
    });
    await failure.catch(() => undefined);
    await names.changeNames([{ node: bob.node }], () => null);
    expect(written).to.deep.equal([alice.name]);
  });
});
