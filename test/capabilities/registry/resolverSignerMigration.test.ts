/** Migration 0030 has known signers known at each resolver that is served, as they were before it. */
import { expect } from "chai";
import { registryTables } from "../../../src/capabilities/registry/migrations.js";
import { migrate } from "../../../src/db/migrate.js";
import { openPool } from "../../../src/db/pool.js";
import { signerStore } from "../../../src/db/signerStore.js";
import { addressFrom } from "../../../src/ens/address.js";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import { bytes } from "../../db/sampleNames.js";

describe("registry: migration 0030", () => {
  it("keeps who was known, at each resolver once", async () => {
    const database = await openScratchDatabase();
    const pool = openPool({ url: database.url });
    const tables = await registryTables();
    const migrations = tables.migrations.filter(({ number }) => number < 30);
    await migrate(pool, { ...tables, migrations });
    const [known, stranger] = [addressFrom(bytes(20, 0x11)), addressFrom(bytes(20, 0x22))];
    await pool.query("insert into domain (name) values ('a.eth'), ('b.eth')");
    await pool.query(
      "insert into resolver (chain_id, address, domain) values (1, $1, 'a.eth'), (1, $1, 'b.eth'), (5, $1, 'b.eth')",
      [bytes(20, 0x5f)],
    );
    await pool.query(
      "insert into gateway_signer (address, is_known) values ($1, true), ($2, false)",
      [known, stranger],
    );
    await migrate(pool, tables);
    const store = signerStore(pool);
    const knownAt = async (signer: typeof known) =>
      (await store.standingOf(signer)).at.map(({ chainId, isKnown }) => [chainId, isKnown]);
    expect(await knownAt(known)).to.deep.equal([
      [1n, true],
      [5n, true],
    ]);
    expect(await knownAt(stranger)).to.deep.equal([
      [1n, null],
      [5n, null],
    ]);
    await pool.end();
    await database.close();
  });
});
