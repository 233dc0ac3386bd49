/** How Postgres finds what is known of a message, and its account: by indexes, however old its statistics are. */
import { expect } from "chai";
import { keepStatement } from "../../../src/db/relay/keepMessages.js";
import { acknowledgeStatement } from "../../../src/db/relay/mailboxStore.js";
import { openRelayDatabase, type RelayDatabase } from "./relayDatabase.js";

describe("db/relay: the plans of keeping and acknowledging", () => {
  let database: RelayDatabase;
  beforeEach(async () => {
    database = await openRelayDatabase();
    // no analysis but those of the tests
    for (const table of tablesOfIt()) {
      await database.pool.query(`alter table ${table} set (autovacuum_enabled = false)`);
    }
  });
  afterEach(() => database.close());

  function tablesOfIt(): readonly string[] {
    const { account, message, share } = database.tables;
    return [account, message, share];
  }

  /** Messages that wait, of one account each, with what their senders have. */
  async function fill(from: number, to: number): Promise<void> {
    const { account, message, share } = database.tables;
    const bytes = (length: number) => `decode(lpad(to_hex(n), ${2 * length}, '0'), 'hex')`;
    const rows = `from generate_series(${from}, ${to}) n`;
    await database.pool.query(`
      insert into ${account} (address, profile, messages, bytes) select ${bytes(20)}, '{}', 1, 2 ${rows}`);
    await database.pool.query(`
      insert into ${message}
        (account, number, sender, sender_name, sender_domain, claimed_hash, body_hash, bytes, envelope)
      select ${bytes(20)}, n, ${bytes(20)}, 's' || n, '*.d' || n, ${bytes(32)}, ${bytes(32)}, 2, '{}' ${rows}`);
    await database.pool.query(`
      insert into ${share} (account, holder, messages)
      select ${bytes(20)}, holder, 1 ${rows}, lateral (values ('s' || n), ('*.d' || n)) h(holder)`);
  }

  async function analyze(): Promise<void> {
    await database.pool.query(`analyze ${tablesOfIt().join(", ")}`);
  }

  /** As a connection plans it, and as it goes on with once it has prepared it. */
  async function plans(): Promise<string> {
    const connection = await database.pool.connect();
    try {
      await connection.query(`prepare keep as ${keepStatement(database.tables)}`);
      await connection.query(`prepare acknowledge as ${acknowledgeStatement(database.tables)}`);
      // as many as come together
      const many = "array_fill(null::text, array[64])";
      const columns = ["bytea", "bytea", "text", "text", "bytea", "bytea", "integer"];
      const values = columns.map((type) => `${many}::${type}[]`).join(", ");
      const keep = `explain execute keep (2000, 33554432, 8, ${values}, '')`;
      const acknowledge = `explain execute acknowledge ('', ${many}, ${many}::bytea[], '{accepted}')`;
      let plan = "";
      for (const mode of ["force_custom_plan", "force_generic_plan"]) {
        await connection.query(`set plan_cache_mode = ${mode}`);
        for (const call of [keep, acknowledge]) {
          const { rows } = await connection.query<{ "QUERY PLAN": string }>(call);
          plan += rows.map((row) => row["QUERY PLAN"]).join("\n");
        }
      }
      return plan;
    } finally {
      connection.release(true);
    }
  }

  const SITUATIONS: readonly (readonly [string, () => Promise<void>])[] = [
    ["with nothing in it yet", () => Promise.resolve()],
    ["with sixty rows, as Postgres leaves it by itself", () => fill(1, 60)],
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
    it(`reads no table of them as a whole: ${situation}`, async () => {
      await bring();
      const plan = await plans();
      expect(plan).to.include("message_pkey").and.include("mailbox_share_pkey");
      expect(plan).not.to.match(/Seq Scan on (?:account|message|mailbox_share)/);
    });
  }

  it("has Postgres look first at tables that are large enough for their indexes", async () => {
    const { rows } = await database.pool.query<{ options: string }>(
      `select array_to_string(reloptions, ' ') as options from pg_class
       where oid = any($1::regclass[])`,
      [tablesOfIt()],
    );
    expect(rows).to.have.length(3);
    for (const { options } of rows)
      expect(options).to.match(/analyze_threshold=2000.*vacuum_threshold=2000/);
  });
});
