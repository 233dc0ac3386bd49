/** What a user deletes is gone at once, and nothing that comes later or again brings it back. */
import { createHash } from "node:crypto";
import { expect } from "chai";
import { sha256OfText } from "../../../src/abi/sha256.js";
import { messageStore } from "../../../src/db/storage/messageStore.js";
import { FEED_START } from "../../../src/storage/place.js";
import type { NewMessage } from "../../../src/storage/store.js";
import { counted as countedIn } from "./counted.js";
import { openStorageDatabase, ROOMY, type StorageDatabase, stored } from "./storageDatabase.js";

const DAY_MS = 86_400_000;
const some = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => stored(String(from + index), from + index));
const halted = (id: string) => ({ ...stored(id), isHalted: true });

describe("db: what a user of the storage deletes", () => {
  let database: StorageDatabase;
  let alice: number;
  beforeEach(async () => {
    database = await openStorageDatabase();
    alice = await database.accountOf("alice");
  });
  afterEach(() => database.close());

  const counted = (account = alice) => countedIn(database, account);
  const add = (contact: string, ...messages: readonly NewMessage[]) =>
    database.messages.add(alice, contact, messages);
  const remove = (id: string) => database.messages.remove(alice, stored(id).id);
  const textsOf = async (contact: string) => {
    const page = await database.messages.list(alice, contact, { limit: 100, skip: 0 }, 1e6);
    return page.map(({ container }) => container);
  };
  const contacts = async () => {
    const listed = await database.conversations.list(alice, { limit: 100, skip: 0 }, 1e6);
    return listed.map(({ contact }) => contact);
  };
  const fed = async () => {
    const { rows } = await database.feed.changes(alice, FEED_START, 1_000);
    return rows.filter(({ kind }) => kind !== "deletion");
  };
  const isThere = async () => ({
    contacts: await contacts(),
    conversations: await database.conversations.count(alice),
    halted: (await database.messages.halted(alice, null, 1_000)).length,
    messages: await database.messages.count(alice, "bob"),
    fed: (await fed()).length,
  });
  const NOTHING = { contacts: [], conversations: 0, halted: 0, messages: 0, fed: 0 };
  const finish = async () => {
    while ((await database.conversations.deleteRemoved(alice, 7)) === 7) await counted();
    return counted();
  };

  it("is one message, with its bytes; the others and their conversation stay", async () => {
    await add("bob", ...some(0, 3));
    expect(await remove("1")).to.equal(true);
    expect(await textsOf("bob")).to.deep.equal(["container 2", "container 0"]);
    expect(await counted()).to.include({ messages: 2, conversations: 1 });
    expect(await remove("1")).to.equal(false);
    expect(await remove("2")).to.equal(true);
    expect(await remove("0")).to.equal(true);
    expect(await counted()).to.include({ messages: 0, conversations: 1, bytes: 3 });
    expect(await contacts()).to.deep.equal(["bob"]);
  });

  it("is not added, changed, cleared or taken in again, whatever its version", async () => {
    await add("bob", ...some(0, 2), halted("2"));
    const before = (await database.feed.changes(alice, FEED_START, 1_000)).rows;
    for (const id of ["0", "1", "2"]) await remove(id);
    expect(await add("bob", stored("0"), stored("9"))).to.deep.include({
      ...{ added: 1, known: [stored("0").id] },
    });
    expect(await add("carol", stored("0"))).to.deep.include({ added: 0 });
    expect(await database.messages.edit(alice, "carol", [stored("1")])).to.deep.equal({
      ...{ added: 0, changed: 0 },
    });
    expect(await database.messages.clearHalted(alice, stored("2").id, "alias")).to.deep.equal({
      moved: 0,
    });
    const later = before.map((row) => ({ ...row, version: Date.now() + 3_600_000 }));
    await database.feed.take(alice, later, null);
    expect(await textsOf("bob")).to.deep.equal(["container 9"]);
    // nothing of it makes a conversation either
    expect(await contacts()).to.deep.equal(["bob"]);
    expect(await counted()).to.include({ messages: 1, conversations: 1 });
  });

  it("is a message that is only on its way yet", async () => {
    expect(await remove("1")).to.equal(false);
    expect(await add("bob", stored("1"))).to.deep.include({ added: 0 });
    expect(await contacts()).to.deep.equal([]);
  });

  it("is a conversation, which nobody finds from the first moment", async () => {
    await add("bob", ...some(0, 20), halted("20"));
    await database.conversations.put(alice, "bob", "location");
    expect(await database.conversations.remove(alice, "bob")).to.equal(true);
    expect(await isThere()).to.deep.equal(NOTHING);
    expect(await counted()).to.include({ messages: 21, conversations: 1 });
    expect(await database.conversations.remove(alice, "bob")).to.equal(false);
    expect(await database.conversations.setHidden(alice, "bob", false)).to.equal(false);
    expect(await add("bob", ...some(0, 20))).to.deep.include({ added: 0 });
    expect(await database.messages.edit(alice, "bob", some(0, 3))).to.deep.equal({
      ...{ added: 0, changed: 0 },
    });
    expect(await database.messages.clearHalted(alice, stored("20").id, "alias")).to.deep.equal({
      moved: 0,
    });
    expect(await isThere()).to.deep.equal(NOTHING);
    expect(await finish()).to.deep.equal({ messages: 0, conversations: 0, bytes: 0 });
    expect(await add("bob", ...some(0, 20), halted("20"))).to.deep.include({ added: 0 });
    expect(await isThere()).to.deep.equal(NOTHING);
  });

  it("lets a conversation begin anew with what is new, also while the old one is deleted", async () => {
    await add("bob", ...some(0, 20));
    await database.conversations.remove(alice, "bob");
    await add("bob", stored("new"));
    expect(await textsOf("bob")).to.deep.equal(["container new"]);
    expect(await finish()).to.include({ messages: 1, conversations: 1 });
    // and once more, before all of the first one is gone
    await add("bob", ...some(20, 40));
    await database.conversations.remove(alice, "bob");
    await add("bob", ...some(40, 45));
    await database.conversations.remove(alice, "bob");
    expect(await finish()).to.deep.equal({ messages: 0, conversations: 0, bytes: 0 });
  });

  it("is a conversation once for each request: the same again and late leaves what came after it", async () => {
    const request = (name: string, contact = "bob") =>
      database.conversations.remove(alice, contact, name);
    await add("bob", ...some(0, 5));
    expect(await request("one")).to.equal(true);
    await add("bob", stored("new"));
    expect(await request("one")).to.equal(false);
    await finish();
    expect(await request("one")).to.equal(false);
    expect(await textsOf("bob")).to.deep.equal(["container new"]);
    // another one, and one that found nothing
    expect(await request("two")).to.equal(true);
    expect(await request("three", "carol")).to.equal(false);
    await add("carol", stored("first of carol"));
    await request("three", "carol");
    expect(await contacts()).to.deep.equal(["carol"]);
    await finish();
  });

  it("takes along what went into the conversation, and leaves what is taken in under its own names", async () => {
    await add("bob", halted("1"), stored("2"));
    await database.messages.clearHalted(alice, stored("1").id, "alias");
    const before = await fed();
    await database.conversations.remove(alice, "alias");
    expect(await finish()).to.deep.equal({ messages: 0, conversations: 0, bytes: 0 });
    await database.feed.take(alice, before, null);
    expect(await counted()).to.deep.equal({ messages: 0, conversations: 0, bytes: 0 });
  });

  it("is a conversation that is not taken in again while it is deleted", async () => {
    await add("bob", ...some(0, 5));
    await database.conversations.put(alice, "bob", "location");
    const { rows } = await database.feed.changes(alice, FEED_START, 1_000);
    await database.conversations.remove(alice, "bob");
    expect(await database.feed.take(alice, rows, null)).to.include({ taken: 0 });
    expect(await isThere()).to.deep.equal(NOTHING);
    expect(await finish()).to.deep.equal({ messages: 0, conversations: 0, bytes: 0 });
    expect(await database.feed.take(alice, rows, null)).to.include({ taken: 0 });
    expect(await isThere()).to.deep.equal(NOTHING);
  });

  it("stays known where very much is deleted, also what is older; what only time ended is forgotten first", async () => {
    const { pool, tables } = database;
    await remove("old");
    // more than are kept of a small account, of which some were only old
    await pool.query(
      `with made as (
         insert into ${tables.deletion} (account, is_message, key, change, version, is_final)
         select $1, true, sha256(int8send(n)), $2::bigint + n, 1, n % 10 > 0 from generate_series(1, 100000) n
         returning account
       ) update ${tables.account} set deletions = deletions + (select count(*) from made) where number = $1`,
      [alice, Date.now()],
    );
    const known = async (isFinal: boolean) => {
      const { rows } = await pool.query<{ count: string }>(
        `select count(*) from ${tables.deletion} where account = $1 and is_final = $2`,
        [alice, isFinal],
      );
      return Number(rows[0]?.count);
    };
    await remove("new");
    expect([await known(true), await known(false)]).to.deep.equal([90_002, 10_000]);
    const small = messageStore(pool, tables, { ...ROOMY, mostMessages: 1 });
    await small.remove(alice, stored("newest").id);
    expect([await known(true), await known(false)]).to.deep.equal([90_003, 8_997]);
    expect(await add("bob", stored("old"), stored("new"))).to.deep.include({ added: 0 });
    await counted();
  });

  it("is finished by retention where nobody waits for it", async () => {
    const bob = await database.accountOf("bob");
    await add("bob", ...some(0, 20));
    await database.messages.add(bob, "bob", some(0, 2));
    await database.conversations.remove(alice, "bob");
    const steps = [];
    for (let isLast = false; !isLast;) {
      const step = await database.retention.deleteRemoved(10);
      steps.push(step.rows);
      ({ isLast } = step);
    }
    expect(steps).to.deep.equal([10, 10, 1]);
    expect(await counted()).to.deep.equal({ messages: 0, conversations: 0, bytes: 0 });
    expect(await counted(bob)).to.include({ messages: 2 });
  });

  it("is left to be deleted where time would end it meanwhile, by anybody's wish, and stays deleted", async () => {
    const expire = (mostDays: number | null) =>
      database.retention.expire(Date.now() + 20 * DAY_MS, mostDays, 1_000);
    await add("bob", ...some(0, 3));
    await database.conversations.remove(alice, "bob");
    expect(await expire(10)).to.include({ rows: 0, isLast: true });
    await database.accounts.setRetention(alice, 5);
    expect(await expire(10)).to.include({ rows: 0, isLast: true });
    // it has nothing else that is old, so it is not looked at again and again
    const { account } = database.tables;
    const { rows } = await database.pool.query<{ kept_from: string }>(
      `select kept_from from ${account} where number = $1`,
      [alice],
    );
    expect(Number(rows[0]?.kept_from)).to.be.greaterThan(Date.now() + 10 * DAY_MS);
    await finish();
    const { rows: changes } = await database.feed.changes(alice, FEED_START, 1_000);
    const finals = changes.filter((row) => row.kind === "deletion" && row.of === "message");
    expect(finals.map((row) => row.kind === "deletion" && row.isFinal)).to.deep.equal([
      ...[true, true, true],
    ]);
    expect(await add("bob", ...some(0, 3))).to.deep.include({ added: 0 });
  });

  it("is forgotten after a time, and with its account", async () => {
    await add("bob", ...some(0, 3));
    await database.conversations.remove(alice, "bob");
    await finish();
    const forget = async (days: number) =>
      (await database.retention.forgetDeletions(Date.now() + days * DAY_MS, 1_000)).rows;
    expect(await forget(-1)).to.equal(0);
    expect(await forget(1)).to.equal(4);
    expect(await forget(1)).to.equal(0);
    await counted();
    expect(await add("bob", stored("1"))).to.deep.include({ added: 1 });
    await remove("1");
    await database.accounts.removeAccount(alice);
    while ((await database.accounts.deleteRows(1, alice)) > 0);
    const { rows } = await database.pool.query(`select from ${database.tables.deletion}`);
    expect(rows).to.deep.equal([]);
  });

  it("is found by no contact that a client can give", async () => {
    await add("bob", stored("1"));
    await database.conversations.remove(alice, "bob");
    const { rows } = await database.pool.query<{ number: string; hash: Buffer }>(
      `select number, contact_hash as hash from ${database.tables.conversation}`,
    );
    const number = Number(rows[0]?.number);
    const bytes = Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, number]);
    expect(rows[0]?.hash.toString("hex")).to.equal(
      createHash("sha256").update(bytes).digest("hex"),
    );
    expect(await database.messages.count(alice, `deleted ${number}`)).to.equal(0);
  });

  it("keeps the bytes of no contact", async () => {
    await add("c2VhbGVk", stored("1"));
    await database.conversations.remove(alice, "c2VhbGVk");
    const { conversation } = database.tables;
    const kept = await database.pool.query<{ text: string }>(
      `select contact || profile_location as text, deleted_hash from ${conversation}`,
    );
    expect(kept.rows).to.deep.equal([
      { text: "", deleted_hash: Buffer.from(sha256OfText("c2VhbGVk")) },
    ]);
  });

  it("stays deleted, whatever comes at the same time", async () => {
    const other = database.another();
    for (let turn = 0; turn < 5; turn++) {
      const messages = [...some(turn * 100, turn * 100 + 20), halted(`halted ${turn}`)];
      await add("bob", ...messages);
      const single = stored(String(turn * 100)).id;
      const at = async () => {
        await Promise.all([
          database.conversations.setHidden(alice, "bob", true),
          other.messages.clearHalted(alice, stored(`halted ${turn}`).id, `alias ${turn}`),
          database.messages.remove(alice, single),
          other.conversations.remove(alice, "bob"),
          database.conversations.remove(alice, `alias ${turn}`),
          add("bob", ...messages),
          other.messages.edit(alice, "bob", messages),
          database.conversations.setHidden(alice, "bob", false),
          database.conversations.deleteRemoved(alice, 5),
        ]);
      };
      await at();
      await database.conversations.remove(alice, "bob");
      await database.conversations.remove(alice, `alias ${turn}`);
      // all of it once more, as clients send what was not answered
      await at();
      await add("bob", ...messages);
      await finish();
      expect(await isThere()).to.deep.equal(NOTHING);
    }
    expect(await counted()).to.deep.equal({ messages: 0, conversations: 0, bytes: 0 });
    await other.close();
  });
});
