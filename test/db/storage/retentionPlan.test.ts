/** How retention finds whose rows end: by indexes, some accounts at a time, however many there are. */
import { expect } from "chai";
import { accountsToEnd } from "../../../src/db/storage/retentionStore.js";
import { counted } from "./counted.js";
import { openStorageDatabase, type StorageDatabase, stored } from "./storageDatabase.js";

const DAY_MS = 86_400_000;
const NOW_MS = 1_800_000_000_000;

describe("db: how retention finds whose rows end", () => {
  let database: StorageDatabase;
  beforeEach(async () => {
    database = await openStorageDatabase();
  });
  afterEach(() => database.close());

  /** Accounts with an empty conversation each that is `days` old, of which every tenth user has a wish. */
  async function fill(count: number, days: number): Promise<void> {
    const { account, conversation } = database.tables;
    const before = NOW_MS - days * DAY_MS;
    await database.pool.query(`
      with made as (
        insert into ${account} (address, profile, proven_key, conversations, bytes, kept_from, retention_days)
        select decode(lpad(to_hex(n), 40, '0'), 'hex'), '{}', 'k', 1, 1, ${before}, case when n % 10 = 0 then 30 end
        from generate_series(1, ${count}) n returning number
      )
      insert into ${conversation} (account, contact_hash, contact, updated, change, version)
      select number, sha256('x'), 'x', 0, ${before}, 0 from made`);
  }

  async function plan(mostDays: number | null): Promise<string> {
    const { text, values } = accountsToEnd(database.tables, NOW_MS, mostDays);
    const connection = await database.pool.connect();
    try {
      const types = values.map(() => "bigint").join(", ");
      await connection.query(`prepare accounts_to_end (${types}) as ${text}`);
      let all = "";
      for (const mode of ["force_custom_plan", "force_generic_plan"]) {
        await connection.query(`set plan_cache_mode = ${mode}`);
        const { rows } = await connection.query<{ "QUERY PLAN": string }>(
          `explain execute accounts_to_end (${values.map(String).join(", ")})`,
        );
        all += rows.map((row) => row["QUERY PLAN"]).join("\n");
      }
      return all;
    } finally {
      connection.release(true);
    }
  }

  it("reads no table as a whole, whoever wants rows to end", async () => {
    await fill(20_000, 100);
    await database.pool.query(`analyze ${database.tables.account}`);
    const byUser = await plan(null);
    expect(byUser)
      .to.include("account_ends")
      .and.not.match(/Seq Scan|Sort/);
    const byBoth = await plan(200);
    expect(byBoth).to.include("account_ends").and.include("account_kept_from");
    expect(byBoth).not.to.match(/Seq Scan/);
  });

  it("looks at some accounts at a time, and at none twice", async () => {
    await fill(500, 100);
    const steps = [];
    for (let isLast = false; !isLast;) {
      const step = await database.retention.expire(NOW_MS, null, 1_000);
      steps.push(step.rows);
      ({ isLast } = step);
    }
    expect(steps).to.deep.equal([50, 0]);
    const { conversation } = database.tables;
    const { rows } = await database.pool.query(`select from ${conversation}`);
    expect(rows).to.have.length(450);
    let ended = 0;
    for (let isLast = false; !isLast;) {
      const step = await database.retention.expire(NOW_MS, 90, 1_000);
      expect(step.rows).to.be.at.most(50);
      ended += step.rows;
      ({ isLast } = step);
    }
    expect(ended).to.equal(450);
  });

  it("passes by who was taken for one of those and has nothing old, and comes again in time", async () => {
    const alice = await database.accountOf("alice");
    await database.accounts.setRetention(alice, 1);
    await database.messages.add(alice, "bob", [stored("1"), stored("2")]);
    const { account } = database.tables;
    // as after an upgrade, or when what was oldest has changed since
    await database.pool.query(`update ${account} set kept_from = 0`);
    const expire = (days: number) =>
      database.retention.expire(Date.now() + days * DAY_MS, null, 1_000);
    expect(await expire(0)).to.include({ rows: 0, isLast: true });
    const { rows } = await database.pool.query(`select from ${account} where kept_from > 0`);
    expect(rows).to.have.length(1);
    expect(await expire(2)).to.include({ rows: 3, isLast: true });
    expect(await counted(database, alice)).to.deep.equal({
      ...{ messages: 0, conversations: 0, bytes: 0 },
    });
    await database.messages.add(alice, "bob", [stored("3")]);
    expect(await expire(2)).to.include({ rows: 2, isLast: true });
  });

  it("ends a conversation whose messages were deleted or moved, in its time", async () => {
    const alice = await database.accountOf("alice");
    await database.accounts.setRetention(alice, 1);
    await database.messages.add(alice, "bob", [stored("1")]);
    await database.messages.remove(alice, stored("1").id);
    const step = await database.retention.expire(Date.now() + 2 * DAY_MS, null, 1_000);
    expect(step).to.include({ rows: 1, isLast: true });
  });
});
