/** What a connection leaves behind when a pooler is said to be in between; a real pgbouncer is in test/pgbouncer. */
import { expect } from "chai";
import { registryTables } from "../../src/capabilities/registry/migrations.js";
import { migrate } from "../../src/db/migrate.js";
import { openPool } from "../../src/db/pool.js";
import { recordSource } from "../../src/db/recordSource.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { expectError } from "../expectError.js";
import { bytes } from "./sampleNames.js";

describe("db/transactionPooling", () => {
  for (const { pooler, prepared, timeOut } of [
    { pooler: "none", prepared: ["records-of-nodes"], timeOut: "7s" },
    { pooler: "transaction", prepared: [], timeOut: "0" },
  ] as const) {
    it(`leaves ${pooler === "none" ? "prepared statements and limits" : "nothing"} on a connection with pooler ${pooler}`, async () => {
      const scratch = await openScratchDatabase();
      const schema = openPool({ url: scratch.url });
      await migrate(schema, await registryTables());
      await schema.end();
      // the search path is set once connected: as it is the only connection, it stays
      const [url = ""] = scratch.url.split(/[?&]options=/);
      const pool = openPool({ url, pooler, maxConnections: 1, statementTimeoutMs: 7_000 });
      try {
        await pool.query(`set search_path = ${scratch.schema}`);
        expect(await recordSource(pool).recordsOf(bytes(32, 1))).to.equal(null);
        const { rows } = await pool.query<{ name: string }>(
          "select name from pg_prepared_statements",
        );
        expect(rows.map(({ name }) => name)).to.deep.equal(prepared);
        const limit = await pool.query("show statement_timeout");
        expect(limit.rows).to.deep.equal([{ statement_timeout: timeOut }]);
      } finally {
        await pool.end();
        await scratch.close();
      }
    });
  }

  it("refuses a URL that sets something for the session, and does not repeat its password", () => {
    const url = "postgresql://u:hunter2@h/d?sslmode=disable&options=-c%20search_path%3Dx";
    openPool({ url });
    expectError(
      () => openPool({ url, pooler: "transaction" }),
      "INVALID_CONFIGURATION",
      /^(?!.*hunter2).*alter role/,
    );
    openPool({ url: "postgresql://u:hunter2@h/d?sslmode=disable", pooler: "transaction" });
  });
});
