/** How Postgres finds the messages of a page that it puts together: by indexes, however many there are. */
import { expect } from "chai";
import { stateOf } from "../../../src/db/storage/accountState.js";
import { joinStatement } from "../../../src/db/storage/joinedMessages.js";
import { openStorageDatabase, type StorageDatabase } from "./storageDatabase.js";

describe("db: how a page that is put together is found", () => {
  let database: StorageDatabase;
  before(async () => {
    database = await openStorageDatabase();
  });
  after(() => database.close());

  it("reads no table as a whole", async () => {
    const { account, conversation, message } = database.tables;
    await database.pool.query(`
      with accounts as (
        insert into ${account} (address, profile)
        select decode(lpad(to_hex(n), 40, '0'), 'hex'), '{}' from generate_series(1, 200) n returning number
      ), conversations as (
        insert into ${conversation} (account, contact_hash, contact, messages, updated, change, version)
        select number, sha256(('x' || n)::bytea), 'x' || n, 20, n, n, 0 from accounts, generate_series(1, 10) n
        returning number, account
      )
      insert into ${message} (account, id, conversation, created, change, version, bytes, is_halted, is_plain, container)
      select account, sha256((number || '.' || n)::bytea), number, n, n, 0, 4, false, true, 'AAAA'
      from conversations, generate_series(1, 20) n`);
    for (const table of [account, conversation, message]) {
      await database.pool.query(`analyze ${table}`);
    }
    const { rows } = await database.pool.query<{ number: string; state: string }>(
      `select number, ${stateOf("a")} as state from ${account} a order by number limit 1`,
    );
    const { number, state } = rows[0]!;
    const values = `${number}, '${state}', sha256('x3'), 5, 5, 1000000, 'a', 'b', 'c', 'd', 'e', 600`;
    const connection = await database.pool.connect();
    try {
      await connection.query(`prepare joined as ${joinStatement(database.tables).text}`);
      for (const mode of ["force_custom_plan", "force_generic_plan"]) {
        await connection.query(`set plan_cache_mode = ${mode}`);
        const found = await connection.query(`execute joined (${values})`);
        expect(found.rows).to.have.length(1);
        const plan = await connection.query<{ "QUERY PLAN": string }>(
          `explain execute joined (${values})`,
        );
        const lines = plan.rows.map((row) => row["QUERY PLAN"]).join("\n");
        expect(lines).to.include("message_newest").and.not.include("Seq Scan");
      }
    } finally {
      connection.release(true);
    }
  });
});
