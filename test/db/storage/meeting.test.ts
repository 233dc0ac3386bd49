/** Two storages of one user: here accounts of one database, whose rows go from the one to the other. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { FEED_START, type FeedPlace } from "../../../src/storage/place.js";
import type { ConversationRow, MessageRow, StoredRow } from "../../../src/storage/rows.js";
import { openStorageDatabase, ROOMY, type StorageDatabase, stored } from "./storageDatabase.js";

const HOUR_MS = 3_600_000;
const halted = (id: string) => ({ ...stored(id), isHalted: true });

describe("db: two storages of one user", () => {
  let database: StorageDatabase;
  let here: number;
  let there: number;
  beforeEach(async () => {
    database = await openStorageDatabase();
    [here, there] = [await database.accountOf("alice"), await database.accountOf("bob")];
  });
  afterEach(() => database.close());

  const rowsOf = async (account: number, place: FeedPlace = FEED_START, limit = 1_000) =>
    await database.feed.changes(account, place, limit);
  const take = (account: number, rows: readonly StoredRow[]) =>
    database.feed.take(account, rows, null);
  const copy = async (from: number, to: number) => take(to, (await rowsOf(from)).rows);
  const conversation = async (account: number, contact: string) => {
    const found = (await rowsOf(account)).rows.find(
      (row) => row.kind === "conversation" && row.contact === contact,
    );
    return found as ConversationRow | undefined;
  };
  const message = async (account: number, id: string) => {
    const hex = toHex(stored(id).id);
    const { rows } = await rowsOf(account);
    return rows.find((row) => row.kind === "message" && toHex(row.id) === hex) as
      MessageRow | undefined;
  };
  const edit = (account: number, id: string, container: string) =>
    database.messages.edit(account, "bob", [{ ...stored(id), container }]);
  const move = (account: number, id: string, contact: string) =>
    database.messages.clearHalted(account, stored(id).id, contact);

  it("gives no row a lower version than it had", async () => {
    await database.messages.add(here, "bob", [halted("1")]);
    const version = Date.now() + HOUR_MS;
    const rows = (await rowsOf(here)).rows.map((row) => ({ ...row, version }));
    await take(there, rows);
    await edit(there, "1", "later");
    expect((await message(there, "1"))?.version).to.equal(version + 1);
    await database.messages.clearHalted(there, stored("1").id, null);
    expect((await message(there, "1"))?.version).to.equal(version + 2);
    await database.conversations.setHidden(there, "bob", true);
    expect((await conversation(there, "bob"))?.version).to.equal(version + 1);
  });

  it("refuses versions that are more than a day ahead", async () => {
    await database.messages.add(here, "bob", [stored("1")]);
    const ahead = { version: Date.now() + 25 * HOUR_MS };
    const rows = (await rowsOf(here)).rows.map((row) => ({ ...row, ...ahead }));
    const error = await take(there, rows).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "INVALID_REQUEST" });
    expect((await rowsOf(there)).rows).to.deep.equal([]);
  });

  it("keeps what was hidden here, when elsewhere it was made again as it was", async () => {
    await database.conversations.put(here, "bob", "place");
    await copy(here, there);
    await database.conversations.setHidden(here, "bob", true);
    await database.conversations.put(there, "bob", null);
    await database.conversations.put(there, "bob", "place");
    await database.conversations.setHidden(there, "bob", false);
    await copy(there, here);
    expect((await conversation(here, "bob"))?.isHidden).to.equal(true);
  });

  it("shows a follower the messages that moved, under the contact where they are", async () => {
    await database.messages.add(here, "bob", [stored("1"), halted("2")]);
    const { place, rows } = await rowsOf(here);
    await take(there, rows);
    await move(here, "2", "alias");
    const late = (await rowsOf(here, place)).rows;
    expect(late.filter(({ kind }) => kind === "message")).to.have.length(2);
    // whatever comes first
    await take(
      there,
      late.filter(({ kind }) => kind === "message"),
    );
    expect(await database.messages.count(there, "alias")).to.equal(2);
    await take(there, late);
    expect(await database.messages.count(there, "bob")).to.equal(0);
    expect(await conversation(there, "bob")).to.deep.include({ movedTo: "alias" });
    expect((await copy(here, there)).taken).to.equal(0);
  });

  it("keeps a move that comes before what moved", async () => {
    await database.messages.add(here, "bob", [halted("1")]);
    const early = (await rowsOf(here)).rows;
    await move(here, "1", "alias");
    await copy(here, there);
    await take(there, early);
    expect(await conversation(there, "bob")).to.deep.include({ movedTo: "alias" });
    expect(await database.messages.count(there, "alias")).to.equal(1);
    expect(await database.messages.count(there, "bob")).to.equal(0);
    // and what was written there before it knew
    await take(there, [{ ...early.find(isMessage)!, id: stored("3").id }]);
    expect(await database.messages.count(there, "alias")).to.equal(2);
  });

  it("moves what only the other one had as well, and undoes no change with the time of the move there", async () => {
    await database.messages.add(here, "bob", [stored("1"), halted("2")]);
    await copy(here, there);
    await database.messages.add(there, "bob", [stored("3")]);
    await move(here, "2", "alias");
    const moved = (await rowsOf(here)).rows;
    await edit(here, "1", "edited here, before the other one knows of the move");
    await take(there, moved);
    await copy(there, here);
    await copy(here, there);
    for (const account of [here, there]) {
      expect((await message(account, "1"))?.container).to.match(/^edited here/);
      expect(await database.messages.count(account, "alias")).to.equal(3);
      expect(await database.messages.count(account, "bob")).to.equal(0);
      expect(await conversation(account, "alias")).to.deep.include({ movedTo: null });
    }
    const { version } = (await conversation(here, "bob"))!;
    const gone = { version, movedTo: "alias" };
    expect(await conversation(there, "bob")).to.deep.include(gone);
    expect((await copy(there, here)).taken).to.equal(0);
  });

  it("lists conversations in the order of the other one, in whichever pieces they come", async () => {
    for (const contact of ["bob", "carol", "dave"]) {
      await database.messages.add(here, contact, [stored(`old of ${contact}`)]);
      await delay(2);
    }
    // from here on each conversation comes behind a message of it
    for (const contact of ["dave", "bob", "carol"]) {
      await database.messages.add(here, contact, [halted(`new of ${contact}`)]);
      await delay(2);
    }
    await move(here, "new of bob", "alias");
    const order = async (account: number) => {
      const listed = await database.conversations.list(account, { limit: 9, skip: 0 }, 1e6);
      return listed.map(({ contact, updatedMs }) => ({ contact, updatedMs }));
    };
    const before = await order(here);
    expect(before.map(({ contact }) => contact)).to.deep.equal(["carol", "alias", "dave"]);
    let place = FEED_START;
    for (let piece = await rowsOf(here, place, 1); piece.rows.length > 0;) {
      await take(there, piece.rows);
      ({ place } = piece);
      piece = await rowsOf(here, place, 1);
    }
    expect(await order(there)).to.deep.equal(before);
    await copy(there, here);
    expect(await order(here)).to.deep.equal(before);
  });

  it("lists a conversation that was deleted here, and has new messages, by their time", async () => {
    await database.messages.add(there, "bob", [stored("1")]);
    const { rows } = await rowsOf(there);
    await copy(there, here);
    await database.conversations.remove(here, "bob");
    await database.conversations.deleteRemoved(here, 9);
    const late = rows.find(isMessage)!;
    const [bob] = rows;
    // its row comes first, and is passed by
    await take(here, [bob!]);
    await take(here, [{ ...late, id: stored("2").id, version: late.version - HOUR_MS }]);
    expect(await conversation(here, "bob")).to.include({ updatedMs: late.version - HOUR_MS });
  });

  it("moves a conversation once, with the message that waited", async () => {
    await database.messages.add(here, "bob", [stored("1"), halted("2")]);
    expect(await move(here, "1", "alias")).to.deep.equal({ moved: 0 });
    expect(await database.messages.count(here, "bob")).to.equal(2);
    await move(here, "2", "alias");
    await move(here, "2", "another");
    expect(await database.messages.count(here, "alias")).to.equal(2);
  });

  it("moves the same messages not again and again in one request", async () => {
    await database.close();
    database = await openStorageDatabase({ ...ROOMY, mostMessages: 100 });
    here = await database.accountOf("alice");
    const ids = Array.from({ length: 60 }, (_, index) => stored(String(index)));
    await database.messages.add(here, "bob", ids);
    const { rows } = await rowsOf(here);
    const bob = rows.find((row) => row.kind === "conversation") as ConversationRow;
    const moves = (...contacts: readonly string[]) =>
      contacts.map((contact, index) => ({
        ...{ ...bob, contact, movedTo: contacts[(index + 1) % contacts.length] ?? "bob" },
        version: bob.version + 1 + index,
      }));
    const error = await take(here, moves("bob", "a", "b", "c")).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "TOO_LARGE" });
    expect(await database.messages.count(here, "bob")).to.equal(60);
    expect((await take(here, moves("bob", "a").slice(0, 1))).moved).to.equal(60);
    expect(await database.messages.count(here, "a")).to.equal(60);
  });

  it("makes ids of one name, that of the first rows which say one", async () => {
    await database.messages.add(here, "bob", [stored("1")]);
    const { rows } = await rowsOf(here);
    await database.feed.take(there, rows, null);
    await database.feed.take(there, rows, "alice.eth");
    const error = await database.feed.take(there, [], "bob.eth").catch((thrown: unknown) => thrown);
    expect(error).to.have.property("message").that.includes("alice.eth").and.includes("bob.eth");
    expect(await database.accounts.nameOfIds(there, "x")).to.equal("alice.eth");
  });
});

const isMessage = (row: StoredRow): row is MessageRow => row.kind === "message";
