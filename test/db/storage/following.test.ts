/**
 * Two storages of one user that follow one another, whatever is done at both, and in whichever order the pieces come: in the end
 * both have the same, and what was deleted at one of them is at neither. The seed is printed with a failure.
 */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { toHex } from "../../../src/abi/hex.js";
import { FEED_START, type FeedPlace } from "../../../src/storage/place.js";
import type { DeletionRow, StoredRow } from "../../../src/storage/rows.js";
import { counted } from "./counted.js";
import { openStorageDatabase, type StorageDatabase, stored } from "./storageDatabase.js";

const SEED = Number(process.env["FOLLOW_SEED"] ?? "20261130");
const RUNS = Number(process.env["FOLLOW_RUNS"] ?? "25");
const DAY_MS = 86_400_000;
const ALL = 1_000;

type Which = 0 | 1;
const which = fc.constantFrom<Which>(0, 1);
const id = fc.constantFrom("1", "2", "3", "4", "5", "6");
const contact = fc.constantFrom("x", "y", "z");
const isIt = fc.boolean();
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("add" as const), which, id, contact, isIt }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("edit" as const), which, id }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("hide" as const), which, contact, isIt }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("move" as const), which, id, contact }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete one" as const), which, id }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete all" as const), which, contact }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("finish" as const), which }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("follow" as const), which }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

describe("db: two storages of one user that follow one another", function () {
  this.timeout(360_000);
  let database: StorageDatabase;
  let both: readonly [number, number];
  beforeEach(async () => {
    database = await openStorageDatabase();
    both = [await database.accountOf("alice"), await database.accountOf("bob")];
  });
  afterEach(() => database.close());

  const fed = async (account: number, place: FeedPlace = FEED_START, limit = ALL) =>
    database.feed.changes(account, place, limit);
  const take = (account: number, rows: readonly StoredRow[]) =>
    database.feed.take(account, rows, null);
  const add = (account: number, contactOf: string, ...ids: readonly string[]) =>
    database.messages.add(
      account,
      contactOf,
      ids.map((one) => stored(one)),
    );
  const idsAt = async (account: number) =>
    (await fed(account)).rows.flatMap((row) => (row.kind === "message" ? [toHex(row.id)] : []));
  const finish = async (account: number) => {
    while ((await database.conversations.deleteRemoved(account, 2)) === 2);
  };
  const deletionsAt = async (account: number) =>
    (await fed(account)).rows.filter((row): row is DeletionRow => row.kind === "deletion");

  it(`have the same in the end, and nothing that was deleted (seed ${SEED})`, async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        await database.close();
        database = await openStorageDatabase();
        both = [await database.accountOf("alice"), await database.accountOf("bob")];
        run++;
        await followed(steps);
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
    expect(run).to.equal(RUNS);
  });

  async function followed(steps: readonly Step[]): Promise<void> {
    const places: [FeedPlace, FeedPlace] = [FEED_START, FEED_START];
    const deleted = new Set<string>();
    /** What the other one has, in small pieces. */
    const follow = async (to: Which): Promise<number> => {
      let taken = 0;
      for (;;) {
        const { rows, place } = await fed(both[1 - to]!, places[to], 3);
        places[to] = place;
        if (rows.length === 0) return taken;
        taken += (await take(both[to], rows)).taken;
      }
    };
    for (const [index, one] of steps.entries()) {
      const account = both[one.which];
      // two changes of one moment have no later one
      await delay(2);
      switch (one.do) {
        case "add":
          await database.messages.add(account, one.contact, [
            { ...stored(one.id), isHalted: one.isIt },
          ]);
          break;
        case "edit": {
          const known = (await idsAt(account)).includes(toHex(stored(one.id).id));
          const container = `container ${one.id}, changed by step ${index}`;
          if (known) await database.messages.edit(account, "x", [{ ...stored(one.id), container }]);
          break;
        }
        case "hide":
          await database.conversations.setHidden(account, one.contact, one.isIt);
          break;
        case "move":
          await database.messages.clearHalted(account, stored(one.id).id, one.contact);
          break;
        case "delete one":
          deleted.add(toHex(stored(one.id).id));
          await database.messages.remove(account, stored(one.id).id);
          break;
        case "delete all": {
          const page = { limit: ALL, skip: 0 };
          const gone = await database.messages.list(account, one.contact, page, 1e9);
          for (const message of gone) deleted.add(toHex(message.id));
          await database.conversations.remove(account, one.contact);
          break;
        }
        case "finish":
          await finish(account);
          break;
        case "follow":
          await follow(one.which);
      }
      await counted(database, account);
    }
    for (const account of both) await finish(account);
    for (let turns = 0; (await follow(0)) + (await follow(1)) > 0; turns++) {
      expect(turns, "turns until nothing is news").to.be.below(10);
    }
    const [one, other] = [await stateOf(both[0]), await stateOf(both[1])];
    expect(one).to.deep.equal(other);
    for (const account of both) {
      await counted(database, account);
      const ids = await idsAt(account);
      expect(ids.filter((each) => deleted.has(each))).to.deep.equal([]);
    }
  }

  /** What a user sees. */
  async function stateOf(account: number) {
    const { rows } = await fed(account);
    const messages = rows.flatMap((row) =>
      row.kind === "message"
        ? [`${toHex(row.id)} ${row.contact} ${row.container} ${row.isHalted}`]
        : [],
    );
    const conversations = rows.flatMap((row) =>
      row.kind === "conversation" ? [`${row.contact} ${row.isHidden} ${row.movedTo}`] : [],
    );
    return { messages: messages.sort(), conversations: conversations.sort() };
  }

  it("hear of a message that was deleted, and of a conversation; what only the other one had stays", async () => {
    const [here, there] = both;
    await add(here, "x", "1", "2", "3");
    await add(here, "y", "4");
    await database.conversations.put(here, "y", "place");
    const { rows, place } = await fed(here);
    await take(there, rows);
    await add(there, "y", "5");
    await database.messages.remove(here, stored("2").id);
    await database.conversations.remove(here, "x");
    await database.conversations.remove(here, "y");
    await finish(here);
    const later = (await fed(here, place)).rows;
    expect(later.map((row) => row.kind === "deletion" && row.of)).to.have.members([
      ...["message", "message", "message", "message", "conversation", "conversation"],
    ]);
    await take(there, later);
    expect(await idsAt(there)).to.deep.equal([toHex(stored("5").id)]);
    expect(await database.conversations.count(there)).to.equal(1);
    await counted(database, there);
    expect((await take(there, later)).taken).to.equal(0);
    // what comes late brings nothing back
    await take(there, rows);
    expect(await idsAt(there)).to.deep.equal([toHex(stored("5").id)]);
    await take(here, (await fed(there)).rows);
    expect(await idsAt(here)).to.deep.equal([toHex(stored("5").id)]);
    const [left] = await database.conversations.list(here, { limit: ALL, skip: 0 }, 1e9);
    expect(left).to.include({ contact: "y", profileLocation: "place" });
  });

  it("hear of a conversation that was deleted twice behind its messages, also in small pieces", async () => {
    const [here, there] = both;
    const deleteAll = async () => {
      await database.conversations.remove(here, "x");
      // all of it in one change
      await database.conversations.deleteRemoved(here, ALL);
    };
    await add(here, "x", "1");
    await deleteAll();
    await add(here, "x", "2", "3", "4", "5");
    const { rows, place } = await fed(here);
    await take(there, rows);
    await deleteAll();
    for (let piece = await fed(here, place, 2); piece.rows.length > 0;) {
      await take(there, piece.rows);
      piece = await fed(here, piece.place, 2);
    }
    expect(await idsAt(there)).to.deep.equal([]);
    expect(await database.conversations.count(there)).to.equal(0);
    await counted(database, there);
  });

  it("hear of what ended by its user's wish, and not of what ended by the operator's", async () => {
    const [here] = both;
    const expire = () => database.retention.expire(Date.now() + 20 * DAY_MS, 10, ALL);
    await add(here, "x", "1", "2");
    expect(await expire()).to.include({ rows: 3 });
    expect(await deletionsAt(here)).to.deep.equal([]);
    await add(here, "x", "1", "2");
    await database.accounts.setRetention(here, 5);
    expect(await expire()).to.include({ rows: 3 });
    const isFinal = (await deletionsAt(here)).map((row) => row.isFinal);
    expect(isFinal).to.deep.equal([false, false, false]);
    await counted(database, here);
  });

  it("keep what changed there after it was old here", async () => {
    const [here, there] = both;
    await add(here, "x", "1", "2");
    await database.accounts.setRetention(here, 5);
    await take(there, (await fed(here)).rows);
    await delay(2);
    await database.messages.edit(there, "x", [{ ...stored("2"), container: "changed later" }]);
    await database.retention.expire(Date.now() + 20 * DAY_MS, null, ALL);
    await take(there, (await fed(here)).rows);
    expect(await idsAt(there)).to.deep.equal([toHex(stored("2").id)]);
    await take(here, (await fed(there)).rows);
    expect(await idsAt(here)).to.deep.equal([toHex(stored("2").id)]);
    await counted(database, here);
  });

  it("are told where deletions behind a cursor are forgotten, and not in the middle of a first reading", async () => {
    const [here] = both;
    await add(here, "x", ...Array.from({ length: 20 }, (_, index) => `m${index}`));
    const middle = (await fed(here, FEED_START, 5)).place;
    const end = (await fed(here)).place;
    await database.messages.remove(here, stored("m3").id);
    const followed = (await fed(here, end)).place;
    await database.retention.forgetDeletions(Date.now() + DAY_MS, ALL);
    for (const place of [middle, end]) {
      const error = await fed(here, place).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: "CHANGES_FORGOTTEN" });
    }
    // it had read of it
    expect((await fed(here, followed)).rows).to.deep.equal([]);
    // in the middle of the deletions of one change, and before them
    const ids = ["m5", "m6", "m7", "m8"].map((one) => stored(one).id);
    const { version } = (await fed(here)).rows.at(-1)!;
    const rows = ids.map((each) => ({ kind: "deletion", of: "message", id: each }) as const);
    await take(
      here,
      rows.map((row) => ({ ...row, version, isFinal: true })),
    );
    const some = (await fed(here, followed, 3)).place;
    const all = (await fed(here, some)).place;
    expect(some).to.include({ kind: "deletion", change: all.change });
    await database.retention.forgetDeletions(Date.now() + DAY_MS, ALL);
    for (const behind of [{ ...some, kind: "message", number: 1 } as const, some]) {
      const error = await fed(here, behind).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: "CHANGES_FORGOTTEN" });
    }
    expect((await fed(here, all)).rows).to.deep.equal([]);
    let place = FEED_START;
    let count = 0;
    for (let piece = await fed(here, place, 5); piece.rows.length > 0;) {
      count += piece.rows.length;
      ({ place } = piece);
      piece = await fed(here, place, 5);
    }
    expect(count).to.equal(16);
  });
});
