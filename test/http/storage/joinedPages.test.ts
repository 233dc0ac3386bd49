/**
 * Pages of messages that the database puts together: the same text as row by row, and only for whoever the account still belongs
 * to, though its row was read a moment before.
 */
import { expect } from "chai";
import { fromHex } from "../../../src/abi/hex.js";
import { addressFrom } from "../../../src/ens/address.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../../src/installation/scratchDatabase.js";
import { statementsDuring } from "../../db/statements.js";
import { onStorageTables, stored } from "../../db/storage/storageDatabase.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import {
  answered,
  message,
  openStorageService,
  rowsIn,
  type StorageService,
  type StorageUser,
  userWith,
} from "./openStorageService.js";

const MANY = 21;
const addressOf = (person: keyof typeof people) =>
  addressFrom(fromHex(people[person].address.toLowerCase()));
const plain = (id: string) => Buffer.from(`container ${id}`).toString("base64");
const plainMessage = (id: string, createdAt = Number(id), fields: object = {}) =>
  message(id, createdAt, { encryptedEnvelopContainer: plain(id), ...fields });

describe("http: pages of the storage that the database puts together", () => {
  let database: ScratchDatabase;
  let storage: StorageService;
  let alice: StorageUser;
  beforeEach(async () => {
    database = await openScratchDatabase();
    storage = await openStorageService({}, database.url);
    alice = await storage.signIn("alice");
  });
  afterEach(async () => {
    await storage.stop();
    await database.close();
  });

  const add = (contact: string, ...batch: readonly object[]) =>
    alice.post("/addMessageBatch", { encryptedContactName: contact, messageBatch: batch });
  const many = (from = 0) =>
    Array.from({ length: MANY }, (_, index) => plainMessage(String(from + index)));
  const statusOf = async (user: StorageUser, contact = "bob") =>
    (await user.get(`/getMessages/${contact}`)).status;
  /** The page by its number, after the same one by cursor, which is made row by row. */
  const both = async (contact: string, query = "") => {
    const path = `/getMessages/${encodeURIComponent(contact)}`;
    const rows = await alice.get(`${path}?${query}&before=`);
    const page = await alice.get(`${path}?${query}`);
    expect([rows.status, page.status]).to.deep.equal([200, 200]);
    expect(page.body).to.equal(rows.body);
    expect(page.headers.get("cache-control")).to.equal("no-store");
    expect(page.contentType).to.equal(rows.contentType);
    return rowsIn(page.body);
  };

  it("are the same text as row by row, for any contact", async () => {
    for (const contact of ["bob", 'b"o\\b', "büb 🎩", "a".repeat(300)]) {
      const from = 1_700_000_000_000 + contact.length * 1_000_003;
      await add(contact, ...many(from));
      const rows = await both(contact);
      expect(rows.map(({ createdAt }) => Date.parse(createdAt))).to.deep.equal(
        Array.from({ length: MANY }, (_, index) => from + MANY - 1 - index),
      );
      expect(rows[0]?.encryptedContactName).to.equal(contact);
      expect(rows[0]?.encryptedEnvelopContainer).to.equal(plain(String(from + MANY - 1)));
      expect(await both(contact, "pageSize=1")).to.have.length(1);
      expect(await both(contact, "pageSize=9")).to.have.length(9);
    }
    const second = rowsIn((await alice.get("/getMessages/bob?pageSize=9&offset=1")).body);
    const third = rowsIn((await alice.get("/getMessages/bob?pageSize=9&offset=2")).body);
    expect([second.length, third.length]).to.deep.equal([9, 3]);
    expect(rowsIn((await alice.get("/getMessages/bob?offset=1")).body)).to.deep.equal([]);
  });

  it("are the same text where a row is not as usual", async () => {
    for (const [contact, fields] of [
      ["halted", { isHalted: true }],
      ["of another alphabet", { encryptedEnvelopContainer: 'ü"\\' }],
      ["of the year -1", { createdAt: -65_000_000_000_000 }],
      ["of the year 30000", { createdAt: 900_000_000_000_000 }],
      ["empty", { encryptedEnvelopContainer: "" }],
    ] as const) {
      await add(
        contact,
        ...many().map((one) => ({ ...one, messageId: `${contact} ${one.messageId}` })),
      );
      await add(contact, plainMessage(contact, 5, fields));
      expect(await both(contact), contact).to.have.length(MANY + 1);
    }
  });

  it("show nobody else what its owner has just read", async () => {
    await add("bob", ...many());
    expect(await both("bob")).to.have.length(MANY);
    const bob = await storage.signIn("bob");
    expect(rowsIn((await bob.get("/getMessages/bob")).body)).to.deep.equal([]);
    const others = userWith(storage.ask, "alice", bob.token);
    expect(await statusOf(others)).to.equal(401);
    expect(await statusOf(userWith(storage.ask, "alice", "no.token.this"))).to.equal(401);
  });

  it("are nobody's when the account goes, here or by another process, or begins anew", async () => {
    await add("bob", ...many());
    expect(await both("bob")).to.have.length(MANY);
    const tables = await onStorageTables(database.url);
    const account = await tables.accounts.accountOf(addressOf("alice"));
    expect(await tables.accounts.removeAccount(account!.number)).to.equal(true);
    await tables.close();
    expect(await statusOf(alice)).to.equal(404);
    const again = await storage.signIn("alice");
    expect(rowsIn((await again.get("/getMessages/bob")).body)).to.deep.equal([]);
    await add("bob", plainMessage("1"));
    expect(await both("bob")).to.have.length(1);
    expect((await storage.ask("DELETE", again.base, undefined, again.token)).status).to.equal(200);
    expect(await statusOf(again)).to.equal(404);
  });

  it("end for a sign-up when a key was proven by another process", async () => {
    const signedUp = userWith(storage.ask, "bob", await storage.signUp("bob"));
    expect((await signedUp.get("/getMessages/x")).status).to.equal(200);
    const tables = await onStorageTables(database.url);
    const { publicSigningKey } = people.bob.profile;
    await tables.accounts.noteProven(addressOf("bob"), publicSigningKey, null);
    const account = await tables.accounts.accountOf(addressOf("bob"));
    const row = { ...stored("1"), container: plain("1") };
    await tables.messages.add(account!.number, "x", [row]);
    await tables.close();
    expect(await statusOf(signedUp, "x")).to.equal(401);
    const bob = userWith(storage.ask, "bob", await answered(storage.ask, "bob"));
    expect(rowsIn((await bob.get("/getMessages/x")).body)).to.have.length(1);
  });

  it("read the account once for a page by cursor, which is not put together so", async () => {
    await add("bob", ...many());
    // what was read of it before is too old
    storage.clock.nowMs += 60_000;
    const asked = await statementsDuring(() => alice.read("/getMessages/bob?before="));
    expect(asked).to.deep.equal(["accounts-of-addresses", "messages-before"]);
  });

  it("show what was written a moment ago, and not what was deleted", async () => {
    await add("bob", ...many());
    expect(await both("bob")).to.have.length(MANY);
    await add("bob", plainMessage("500"));
    const [newest, next] = await both("bob");
    expect(Date.parse(newest!.createdAt)).to.equal(500);
    const path = `${alice.base}/messages/${next!.id}`;
    expect((await storage.ask("DELETE", path, undefined, alice.token)).status).to.equal(200);
    expect(await both("bob")).to.have.length(MANY);
    const conversation = `${alice.base}/conversations/bob`;
    await storage.ask("DELETE", conversation, undefined, alice.token);
    expect(rowsIn((await alice.get("/getMessages/bob")).body)).to.deep.equal([]);
  });
});
