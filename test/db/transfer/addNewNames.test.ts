import { expect } from "chai";
import { KNOWN } from "../../../src/db/transfer/addNewNames.js";
import { type MigratedPool, openMigratedPool } from "../migratedPool.js";
import { bytes } from "../sampleNames.js";

describe("db/transfer/addNewNames", () => {
  let database: MigratedPool;
  before(async () => {
    database = await openMigratedPool();
  });
  after(() => database.close());

  it("looks each name up by an index, also by a plan of the time when the tables were empty", async () => {
    const connection = await database.pool.connect();
    await connection.query("set plan_cache_mode = force_generic_plan");
    await connection.query(`prepare known (bytea[]) as ${KNOWN.text}`);
    const { rows } = await connection.query<{ "QUERY PLAN": string }>(
      `explain execute known (array['\\x${Buffer.from(bytes(32, 1)).toString("hex")}']::bytea[])`,
    );
    connection.release(true);
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).to.contain("name_head_pkey");
    expect(plan).not.to.match(/Seq Scan|hashed|Hash/);
  });
});
