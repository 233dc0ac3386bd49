import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import type { Pool } from "../../../src/db/pool.js";
import { FEED_START } from "../../../src/storage/place.js";
import type { StoredRow } from "../../../src/storage/rows.js";
import { counted as countedIn } from "./counted.js";
import { openStorageDatabase, type StorageDatabase, stored } from "./storageDatabase.js";

const DAY_MS = 86_400_000;

describe("db: the storage", () => {
  let database: StorageDatabase;
  let alice: number;
  let bob: number;
  beforeEach(async () => {
    database = await openStorageDatabase();
    [alice, bob] = [await database.accountOf("alice"), await database.accountOf("bob")];
  });
  afterEach(() => database.close());

  const counted = (account: number) => countedIn(database, account);
  const some = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => stored(String(from + index), from + index));

  it("keeps what twenty writers add at once, each message once, and counts it", async () => {
    const added = await Promise.all(
      Array.from({ length: 20 }, (_, writer) =>
        database.messages.add(alice, `contact ${writer % 3}`, some(writer * 5, writer * 5 + 10)),
      ),
    );
    const sum = added.reduce((all, one) => all + one.added, 0);
    expect(sum).to.equal(105);
    expect(added.reduce((all, { known }) => all + known.length, 0)).to.equal(200 - 105);
    expect(await counted(alice)).to.include({ messages: 105, conversations: 3 });
    expect(await counted(bob)).to.deep.equal({ messages: 0, conversations: 0, bytes: 0 });
  });

  it("shows a follower everything once, while writers go on", async () => {
    const seen: StoredRow[] = [];
    let place = FEED_START;
    let isDone = false;
    const follow = async () => {
      for (;;) {
        const wasDone = isDone;
        const piece = await database.feed.changes(alice, place, 7);
        seen.push(...piece.rows);
        place = piece.place;
        if (wasDone && piece.rows.length === 0) return;
      }
    };
    const write = async (writer: number) => {
      for (let turn = 0; turn < 10; turn++) {
        const from = writer * 1_000 + turn * 5;
        await database.messages.add(alice, `contact ${writer}`, some(from, from + 5));
      }
    };
    const following = follow();
    await Promise.all([0, 1, 2, 3].map(write));
    isDone = true;
    await following;
    const ids = seen.flatMap((row) => (row.kind === "message" ? [toHex(row.id)] : []));
    expect(ids).to.have.length(200);
    expect(new Set(ids)).to.have.property("size", 200);
  });

  it("counts bytes of what is changed, moved and taken in", async () => {
    await database.conversations.put(alice, "ünüsual", "location");
    await database.conversations.put(alice, "ünüsual", "a longer location");
    await database.messages.add(alice, "ünüsual", [
      stored("1"),
      { ...stored("2"), isHalted: true },
    ]);
    await database.messages.edit(alice, "x", [
      { ...stored("1"), container: "ü".repeat(50) },
      stored("3"),
    ]);
    await counted(alice);
    await database.messages.clearHalted(alice, stored("2").id, "other");
    await counted(alice);
    await database.messages.add(alice, "ünüsual", [stored("4")]);
    await database.messages.clearHalted(alice, stored("2").id, "x");
    await counted(alice);
    const { rows } = await database.feed.changes(alice, FEED_START, 100);
    await database.feed.take(bob, rows, null);
    await counted(bob);
    expect(await database.accounts.useOf(bob)).to.include({ messages: 4 });
  });

  it("ends what did not change for so long, by the shorter of two times, and counts it", async () => {
    await database.messages.add(alice, "old", some(0, 5));
    await database.messages.add(bob, "old", some(0, 5));
    await database.conversations.put(alice, "empty", null);
    const nowMs = Date.now();
    const expire = async (days: number, mostDays: number | null) =>
      (await database.retention.expire(nowMs + days * DAY_MS, mostDays, 1_000)).rows;
    expect(await expire(10_000, null)).to.equal(0);
    await database.accounts.setRetention(alice, 10);
    expect(await expire(9, null)).to.equal(0);
    expect(await expire(9, 30)).to.equal(0);
    expect(await expire(11, 30)).to.equal(7);
    expect(await counted(alice)).to.deep.equal({ messages: 0, conversations: 0, bytes: 0 });
    expect(await counted(bob)).to.include({ messages: 5 });
    expect(await expire(11, 3)).to.equal(6);
    expect(await expire(11, 3)).to.equal(0);
    expect(await counted(bob)).to.deep.equal({ messages: 0, conversations: 0, bytes: 0 });
  });

  it("keeps what its user wants to be kept by the time that the account is locked", async () => {
    await database.messages.add(alice, "old", some(0, 5));
    await database.accounts.setRetention(alice, 1);
    const { account } = database.tables;
    const other = await database.pool.connect();
    try {
      await other.query("begin");
      await other.query(`update ${account} set retention_days = null where number = ${alice}`);
      const expired = database.retention.expire(Date.now() + 2 * DAY_MS, null, 1_000);
      await untilSomebodyWaits(database.pool);
      await other.query("commit");
      expect(await expired).to.include({ rows: 0 });
    } finally {
      other.release();
    }
    expect(await counted(alice)).to.include({ messages: 5 });
  });

  it("lets others write while many changes of one account wait", async () => {
    const { account } = database.tables;
    const other = await database.pool.connect();
    const waiting = [];
    try {
      await other.query("begin");
      await other.query(`select from ${account} where number = ${alice} for update`);
      for (let n = 0; n < 20; n++) waiting.push(database.conversations.put(alice, `c${n}`, null));
      await untilSomebodyWaits(database.pool);
      await database.conversations.put(bob, "x", null);
      expect(await counted(bob)).to.include({ conversations: 1 });
      await other.query("commit");
    } finally {
      other.release();
    }
    await Promise.all(waiting);
    expect(await counted(alice)).to.include({ conversations: 20 });
  });

  it("forgets accounts that nobody proved a key for, and that have nothing", async () => {
    await database.conversations.put(alice, "x", null);
    await database.retention.forgetAccounts(Date.now() - DAY_MS, 1);
    expect(await counted(bob)).to.include({ conversations: 0 });
    await database.retention.forgetAccounts(Date.now() + DAY_MS, 1_000);
    expect(await counted(alice)).to.include({ conversations: 1 });
    expect(await database.accounts.useOf(bob).catch((thrown: unknown) => thrown)).to.include({
      code: "NO_ACCOUNT",
    });
  });

  it("answers nothing behind the last message", async () => {
    await database.messages.add(alice, "x", some(0, 5));
    const list = async (skip: number) =>
      (await database.messages.list(alice, "x", { limit: 3, skip }, 1e6)).length;
    expect([await list(0), await list(3), await list(5), await list(1e12)]).to.deep.equal([
      3, 2, 0, 0,
    ]);
  });

  it("leaves rows that somebody else deletes to them, and says that there are some", async () => {
    await database.messages.add(alice, "x", some(0, 25));
    await database.accounts.removeAccount(alice);
    const { message } = database.tables;
    const other = await database.pool.connect();
    try {
      await other.query("begin");
      const theirs = `(select id from ${message} where account = ${alice} limit 5)`;
      await other.query(`delete from ${message} where account = ${alice} and id in ${theirs}`);
      expect(await database.accounts.deleteRows(100, alice)).to.equal(21);
      expect(await database.accounts.hasRowsLeft(alice)).to.equal(true);
      await other.query("commit");
    } finally {
      other.release();
    }
    expect(await database.accounts.deleteRows(100, alice)).to.equal(0);
    expect(await database.accounts.hasRowsLeft(alice)).to.equal(false);
  });

  it("ends in steps", async () => {
    await database.messages.add(alice, "old", some(0, 25));
    await database.accounts.setRetention(alice, 1);
    const steps = [];
    for (let isLast = false; !isLast;) {
      const step = await database.retention.expire(Date.now() + 2 * DAY_MS, null, 10);
      steps.push(step.rows);
      ({ isLast } = step);
      await counted(alice);
    }
    expect(steps).to.deep.equal([10, 10, 6]);
  });

  it("lets nobody read a removed account, and deletes its rows in steps, and no others", async () => {
    await database.messages.add(alice, "x", some(0, 25));
    await database.messages.add(bob, "x", some(0, 3));
    expect(await database.accounts.removeAccount(alice)).to.equal(true);
    const again = await database.accountOf("alice");
    expect(again).not.to.equal(alice);
    // the same deletion, once more and late, is not of the new account
    expect(await database.accounts.removeAccount(alice)).to.equal(false);
    expect(await database.accounts.useOf(again)).to.include({ messages: 0 });
    expect(await database.messages.count(again, "x")).to.equal(0);
    expect(await database.accounts.deleteRows(10, bob)).to.equal(0);
    const steps = [];
    for (let deleted = 10; deleted === 10;)
      steps.push((deleted = await database.accounts.deleteRows(10)));
    expect(steps).to.deep.equal([10, 10, 6]);
    const { removed, message } = database.tables;
    const left = await database.pool.query(`select number from ${removed}`);
    expect(left.rows).to.deep.equal([]);
    const { rows } = await database.pool.query(`select distinct account from ${message}`);
    expect(rows).to.deep.equal([{ account: String(bob) }]);
    expect(await database.accounts.deleteRows(10)).to.equal(0);
  });
});

async function untilSomebodyWaits(pool: Pool): Promise<void> {
  const text =
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  while ((await pool.query(text)).rowCount === 0) await setTimeout(5);
}
