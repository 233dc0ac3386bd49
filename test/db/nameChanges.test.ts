import { expect } from "chai";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { inTransaction } from "../../src/db/transaction.js";
import { newApiKey } from "../../src/registry/domains/apiKey.js";
import { expectRejection } from "../expectError.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { bytes, DOMAIN, sampleName } from "./sampleNames.js";

describe("db/nameChanges", () => {
  let database: MigratedPool;
  before(async () => {
    database = await openMigratedPool();
    const served = { chainId: 1n, resolver: bytes(20, 9), domain: DOMAIN };
    await domainStore(database.pool).addDomain(served, newApiKey("key"));
  });
  after(() => database.close());

  it("waits three seconds for another change of the same name, and then tells: LIMIT_EXCEEDED", async () => {
    const { node } = sampleName("busy");
    const store = nameStore(database.pool);
    await inTransaction(database.pool, async (connection) => {
      await connection.query("insert into name_head (node) values ($1)", [node]);
      const startedMs = Date.now();
      const change = store.changeNames([{ node }], () => null);
      const error = await expectRejection(change, "LIMIT_EXCEEDED", /fewer of one name at once/);
      expect(error.details).to.deep.equal({ retryAfterSec: 3 });
      expect(Date.now() - startedMs).to.be.within(2_900, 8_000);
    });
    await store.changeNames([{ node }], () => null);
  });
});
