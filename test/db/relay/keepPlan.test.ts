/** How Postgres finds what is known of a message: by indexes, however old its statistics are. */
import { expect } from "chai";
import { keepStatement } from "../../../src/db/relay/keepMessages.js";
import { openRelayDatabase, type RelayDatabase } from "./relayDatabase.js";

describe("db/relay: the plan of keeping", () => {
  let database: RelayDatabase;
  beforeEach(async () => {
    database = await openRelayDatabase();
    const { message, share } = database.tables;
    // no analysis but those of the tests
    await database.pool.query(`alter table ${message} set (autovacuum_enabled = false)`);
    await database.pool.query(`alter table ${share} set (autovacuum_enabled = false)`);
  });
  afterEach(() => database.close());

  /** Messages that wait, of one account each, with what their senders have. */
  async function fill(from: number, to: number): Promise<void> {
    const { message, share } = database.tables;
    const bytes = (length: number) => `decode(lpad(to_hex(n), ${2 * length}, '0'), 'hex')`;
    const rows = `from generate_series(${from}, ${to}) n`;
    await database.pool.query(`
      insert into ${message}
        (account, number, sender, sender_name, sender_domain, claimed_hash, body_hash, bytes, envelope)
      select ${bytes(20)}, n, ${bytes(20)}, 's' || n, '*.d' || n, ${bytes(32)}, ${bytes(32)}, 2, '{}' ${rows}`);
    await database.pool.query(`
      insert into ${share} (account, holder, messages)
      select ${bytes(20)}, holder, 1 ${rows}, lateral (values ('s' || n), ('*.d' || n)) h(holder)`);
  }

  async function analyze(): Promise<void> {
    const { message, share } = database.tables;
    await database.pool.query(`analyze ${message}, ${share}`);
  }

  /** As a connection plans it, and as it goes on with once it has prepared it. */
  async function plans(): Promise<string> {
    const connection = await database.pool.connect();
    try {
      await connection.query(`prepare keep as ${keepStatement(database.tables)}`);
      const empty = Array.from({ length: 7 }, () => "'{}'").join(", ");
      const call = `explain execute keep (2000, 33554432, 8, ${empty}, '')`;
      let plan = "";
      for (const mode of ["force_custom_plan", "force_generic_plan"]) {
        await connection.query(`set plan_cache_mode = ${mode}`);
        const { rows } = await connection.query<{ "QUERY PLAN": string }>(call);
        plan += rows.map((row) => row["QUERY PLAN"]).join("\n");
      }
      return plan;
    } finally {
      connection.release(true);
    }
  }

  const SITUATIONS: readonly (readonly [string, () => Promise<void>])[] = [
    ["with nothing in it yet", () => Promise.resolve()],
    [
      "analyzed when it was empty",
      async () => {
        await analyze();
        await fill(1, 20_000);
      },
    ],
    [
      "analyzed with 60 rows and grown",
      async () => {
        await fill(1, 60);
        await analyze();
        await fill(61, 20_000);
      },
    ],
    [
      "analyzed",
      async () => {
        await fill(1, 20_000);
        await analyze();
      },
    ],
  ];
  for (const [situation, bring] of SITUATIONS) {
    it(`reads neither messages nor shares one after the other: ${situation}`, async () => {
      await bring();
      const plan = await plans();
      expect(plan).to.include("message_pkey").and.include("mailbox_share_pkey");
      expect(plan).not.to.match(/Seq Scan on (?:message|mailbox_share)/);
    });
  }
});
