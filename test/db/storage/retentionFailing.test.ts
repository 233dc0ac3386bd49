/** One account that is wrong keeps time from nothing that it does to others. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { startStorageRetention } from "../../../src/capabilities/storage/retention.js";
import type { SignpostError } from "../../../src/errors.js";
import { openStorageDatabase, type StorageDatabase, stored } from "./storageDatabase.js";

const DAY_MS = 86_400_000;

describe("db: retention where one account fails", () => {
  let database: StorageDatabase;
  let alice: number;
  let bob: number;
  beforeEach(async () => {
    database = await openStorageDatabase();
    [alice, bob] = [await database.accountOf("alice"), await database.accountOf("bob")];
    for (const account of [alice, bob]) {
      await database.messages.add(account, "x", [stored("1"), stored("2")]);
      await database.conversations.remove(account, "x");
      await database.messages.add(account, "y", [stored("3")]);
    }
  });
  afterEach(() => database.close());

  const left = async (account: number) => {
    const { rows } = await database.pool.query<{ count: string }>(
      `select count(*) from ${database.tables.message} where account = $1`,
      [account],
    );
    return Number(rows[0]?.count);
  };

  // whichever comes first
  for (const which of [0, 1])
    it(`does everything to the others, tells of it, and is not done (${which})`, async () => {
      const [broken, other] = which === 0 ? [alice, bob] : [bob, alice];
      await database.pool.query(
        `alter table ${database.tables.account}
       add constraint broken check (number <> ${broken} or last_change < 0) not valid`,
      );
      const failures: SignpostError[] = [];
      let rounds = 0;
      const retention = startStorageRetention(
        { retention: database.retention, accounts: database.accounts },
        {
          nowMs: () => Date.now() + 2 * DAY_MS,
          retentionDays: 1,
          reportFailure: (error) => failures.push(error),
          note: (work) => {
            if (work === "forgotten") rounds++;
          },
        },
      );
      while (rounds === 0) await delay(10);
      await retention.stop();
      expect([await left(other), await left(broken)]).to.deep.equal([0, 3]);
      // in what was deleted, and in what was old
      expect(failures.length).to.equal(2);
      expect(retention.doneMs()).to.equal(null);
    });

  it("is one with rows and no account: they are deleted", async () => {
    const { pool, tables } = database;
    await database.messages.remove(bob, stored("3").id);
    // as a process of an earlier version removes it, which knows of no deletions
    await pool.query(`delete from ${tables.account} where number = $1`, [bob]);
    await pool.query(`delete from ${tables.conversation} where account = $1`, [bob]);
    await pool.query(`delete from ${tables.message} where account = $1`, [bob]);
    const forget = () => database.retention.forgetDeletions(Date.now() + DAY_MS, 1_000);
    expect((await forget()).rows).to.equal(1);
    expect(await forget()).to.include({ rows: 0, isLast: true });
    while ((await database.accounts.deleteRows(100)) > 0);
    const { rows } = await pool.query(`select from ${tables.deletion} where account = $1`, [bob]);
    expect(rows).to.deep.equal([]);
  });
});
