/** What several devices of one user do to one conversation at the same time: it ends the same, whichever comes first. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { counted } from "./counted.js";
import { openStorageDatabase, type StorageDatabase, stored } from "./storageDatabase.js";

const TURNS = 12;

describe("db: devices that change one conversation at the same time", () => {
  let database: StorageDatabase;
  let alice: number;
  /** In another process. */
  let other: StorageDatabase;
  beforeEach(async () => {
    database = await openStorageDatabase();
    other = database.another();
    alice = await database.accountOf("alice");
  });
  afterEach(async () => {
    await other.close();
    await database.close();
  });

  const shown = async () => {
    const listed = await database.conversations.list(alice, { limit: 100, skip: 0 }, 1e6);
    return listed.map(({ contact }) => contact);
  };
  /** A conversation with a message that waits, which is cleared and moves it. */
  const begin = async (turn: number) => {
    const waiting = { ...stored(`waits ${turn}`), isHalted: true };
    await database.messages.add(alice, `bob ${turn}`, [stored(`other ${turn}`), waiting]);
    const move = () => database.messages.clearHalted(alice, waiting.id, `alias ${turn}`);
    return { contact: `bob ${turn}`, alias: `alias ${turn}`, move };
  };
  /** At once, in either order. */
  const race = async (turn: number, one: () => Promise<unknown>, two: () => Promise<unknown>) => {
    await Promise.all(turn % 2 === 0 ? [one(), two()] : [two(), one()]);
  };

  it("hides a conversation that moves", async () => {
    for (let turn = 0; turn < TURNS; turn++) {
      const { contact, alias, move } = await begin(turn);
      await race(turn, move, () => other.conversations.setHidden(alice, contact, true));
      expect(await shown(), `turn ${turn}`).to.deep.equal([]);
      expect(await database.messages.count(alice, alias)).to.equal(2);
      expect(await database.messages.count(alice, contact)).to.equal(0);
    }
    await counted(database, alice);
  });

  it("shows a conversation that moves", async () => {
    for (let turn = 0; turn < TURNS; turn++) {
      const { contact, alias, move } = await begin(turn);
      await database.conversations.setHidden(alice, contact, true);
      await race(turn, move, () => other.conversations.setHidden(alice, contact, false));
      expect(await shown(), `turn ${turn}`).to.include(alias);
    }
    expect(await shown()).to.have.length(TURNS);
  });

  it("deletes a conversation that moves", async () => {
    for (let turn = 0; turn < TURNS; turn++) {
      const { contact, move } = await begin(turn);
      await race(turn, move, () => other.conversations.remove(alice, contact));
      expect(await shown(), `turn ${turn}`).to.deep.equal([]);
    }
    while ((await database.conversations.deleteRemoved(alice, 100)) === 100);
    expect(await counted(database, alice)).to.deep.equal({
      ...{ messages: 0, conversations: 0, bytes: 0 },
    });
  });

  /** The second begins while the first waits for the lock of the account, so both began before either had it. */
  const inOrder = async (one: () => Promise<unknown>, two: () => Promise<unknown>) => {
    const { pool, tables } = database;
    const waiting = async (count: number) => {
      for (;;) {
        const { rows } = await pool.query(
          "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        if (rows.length === count) return;
        await delay(5);
      }
    };
    const holder = await pool.connect();
    await holder.query("begin");
    await holder.query(`select from ${tables.account} where number = $1 for update`, [alice]);
    const first = one();
    await waiting(1);
    const second = two();
    await waiting(2);
    await holder.query("commit");
    holder.release();
    await Promise.all([first, second]);
  };

  it("adds nothing again to a conversation that another process began to delete meanwhile", async () => {
    const messages = ["1", "2"].map((id) => stored(id));
    await database.messages.add(alice, "bob", messages);
    await inOrder(
      () => database.conversations.remove(alice, "bob"),
      () => other.messages.add(alice, "bob", messages),
    );
    expect(await shown()).to.deep.equal([]);
    while ((await database.conversations.deleteRemoved(alice, 100)) === 100);
    expect(await counted(database, alice)).to.deep.equal({
      ...{ messages: 0, conversations: 0, bytes: 0 },
    });
  });

  it("moves a conversation, whatever is added to it", async () => {
    for (let turn = 0; turn < TURNS; turn++) {
      const { contact, alias, move } = await begin(turn);
      await race(turn, move, () => other.messages.add(alice, contact, [stored(`new ${turn}`)]));
      const counts = await Promise.all(
        [contact, alias].map((one) => database.messages.count(alice, one)),
      );
      // whoever writes to the first contact after the move begins anew
      expect([
        [0, 3],
        [1, 2],
      ]).to.deep.include(counts);
      await counted(database, alice);
    }
  });

  it("hides what a device means that does not know of several moves, and nothing in a circle", async () => {
    const { contact, move } = await begin(0);
    await move();
    await database.messages.add(alice, "alias 0", [{ ...stored("late"), isHalted: true }]);
    await database.messages.clearHalted(alice, stored("late").id, "last");
    expect(await database.conversations.setHidden(alice, contact, true)).to.equal(true);
    expect(await shown()).to.deep.equal([]);
    const { tables, pool } = database;
    await pool.query(`update ${tables.conversation} set moved_to = $1 where contact = 'last'`, [
      contact,
    ]);
    expect(await database.conversations.setHidden(alice, contact, false)).to.equal(false);
  });
});
