/** Each route of dm3's backend, as its client uses it: what the reference answers, and where ours differs (docs/storage.md). */
import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { sha256OfText } from "../../../src/abi/sha256.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import {
  type ListedConversation,
  message,
  openStorageService,
  rowsIn,
  type StorageService,
  type StorageUser,
} from "./openStorageService.js";

describe("http: the storage's routes", () => {
  let storage: StorageService;
  let alice: StorageUser;
  beforeEach(async () => {
    storage = await openStorageService();
    alice = await storage.signIn("alice");
  });
  afterEach(() => storage.stop());

  const listed = (query = "") => alice.read<ListedConversation[]>(`/getConversations${query}`);
  const idOf = (id: string) => toHex(sha256OfText(`alice.eth${id}`));
  const rows = async (contact: string, query = "") =>
    rowsIn((await alice.get(`/getMessages/${contact}${query}`)).body);

  it("says hello, and who has an account here", async () => {
    expect(await storage.ask("GET", "/hello")).to.include({ status: 200, body: "Hello DM3" });
    const known = await storage.ask("GET", "/profile/alice.eth");
    expect(known.status).to.equal(200);
    expect(JSON.parse(known.body)).to.deep.equal(people.alice.signedUserProfile);
    for (const name of ["bob.eth", "nobody.eth", "no name"]) {
      expect((await storage.ask("GET", `/profile/${encodeURIComponent(name)}`)).status).to.equal(
        404,
      );
    }
  });

  it("refuses a profile that is none, or somebody else's, with 400 and an error", async () => {
    for (const body of [{}, people.bob.signedUserProfile]) {
      const answer = await storage.ask("POST", "/profile/alice.eth", body);
      expect(answer.status).to.equal(400);
      expect(JSON.parse(answer.body)).to.have.property("error").that.is.a("string");
    }
    expect((await storage.ask("GET", "/auth/bob.eth")).status).to.equal(404);
  });

  it("keeps conversations, and gives one that is there another location", async () => {
    const add = (fields: object) => alice.post("/addConversation", fields);
    expect(await listed()).to.deep.equal([]);
    const first = await add({ encryptedContactName: "bob", encryptedProfileLocation: "there" });
    expect(first).to.include({ status: 200, body: "OK" });
    await add({ encryptedContactName: "carol" });
    expect((await listed()).map(({ contact }) => contact)).to.deep.equal(["carol", "bob"]);
    const [carol, bob] = await listed();
    expect(carol).to.include({ previewMessage: null, encryptedProfileLocation: "" });
    expect(bob).to.include({ encryptedProfileLocation: "there" });
    expect(Date.parse(carol!.updatedAt)).to.be.closeTo(Date.now(), 60_000);
    await add({ encryptedContactName: "bob", encryptedProfileLocation: "elsewhere" });
    await add({ encryptedContactName: "bob" });
    expect(await listed()).to.deep.equal([
      carol,
      { ...bob, encryptedProfileLocation: "elsewhere" },
    ]);
    expect(await alice.read("/getNumberOfConversations/")).to.equal(2);
  });

  it("hides conversations, which it counts all the same, and shows them again", async () => {
    for (const contact of ["bob", "carol"]) {
      await alice.post("/addConversation", { encryptedContactName: contact });
    }
    const hide = (contact: string, is: boolean) =>
      alice.post("/toggleHideConversation", { encryptedContactName: contact, hide: is });
    expect(await hide("bob", true)).to.include({ status: 200, body: "OK" });
    expect((await listed()).map(({ contact }) => contact)).to.deep.equal(["carol"]);
    expect(await alice.read("/getNumberOfConversations")).to.equal(2);
    await alice.post("/addMessage", { encryptedContactName: "bob", ...message("1") });
    expect(await listed()).to.have.length(1);
    await hide("bob", false);
    expect(await listed()).to.have.length(2);
    expect((await hide("nobody", true)).status).to.equal(200);
  });

  it("keeps messages under the reference's ids, newest first, each row as JSON inside of JSON", async () => {
    const halted = { isHalted: true };
    for (const [id, createdAt, fields] of [
      ["1", 1_000, {}],
      ["3", 3_000, halted],
      ["2", 2_000.7, {}],
    ] as const) {
      const body = { encryptedContactName: "bob", ...message(id, createdAt, fields) };
      const answer = await alice.post("/addMessage/", body);
      expect(answer.status).to.equal(200);
      expect(JSON.parse(answer.body)).to.deep.equal({
        ...{ added: 1, known: [], isNewConversation: id === "1" },
      });
    }
    const found = await rows("bob");
    expect(found.map(({ id }) => id)).to.deep.equal(["3", "2", "1"].map(idOf));
    const { conversationId, ...first } = found[0]!;
    expect(conversationId).to.match(/^[0-9]+$/);
    expect(first).to.deep.equal({
      ...{ id: idOf("3"), createdAt: "1970-01-01T00:00:03.000Z", isHalted: true },
      ...{ encryptedEnvelopContainer: "container 3", encryptedContactName: "bob" },
      ownerId: "alice.eth",
    });
    expect(await alice.read("/getNumberOfMessages/bob")).to.equal(3);
    expect(await alice.read("/getNumberOfMessages/nobody/")).to.equal(0);
    expect(await rows("nobody/")).to.deep.equal([]);
  });

  it("previews the newest message, and lists what got one last first", async () => {
    const add = (contact: string, ...batch: object[]) =>
      alice.post("/addMessageBatch", { encryptedContactName: contact, messageBatch: batch });
    await add("bob", message("1", 5_000), message("2", 9_000), message("3", 7_000));
    await add("carol", message("4", 1_000));
    expect((await listed()).map(({ previewMessage }) => previewMessage)).to.deep.equal([
      ...["container 4", "container 2"],
    ]);
    await add("bob", message("5", 6_000));
    const [first, ...others] = await listed();
    expect(first).to.include({ contact: "bob", previewMessage: "container 2" });
    expect(others).to.have.length(1);
  });

  it("pages both lists by numbers", async () => {
    const batch = Array.from({ length: 25 }, (_, index) => message(String(index), index));
    await alice.post("/addMessageBatch", { encryptedContactName: "bob", messageBatch: batch });
    const numbers = async (query: string) =>
      (await rows("bob", query)).map(({ createdAt }) => Date.parse(createdAt));
    expect(await numbers("?pageSize=10&offset=0")).to.deep.equal([
      24, 23, 22, 21, 20, 19, 18, 17, 16, 15,
    ]);
    expect(await numbers("?pageSize=10&offset=2")).to.deep.equal([4, 3, 2, 1, 0]);
    expect(await numbers("?pageSize=10&offset=3")).to.deep.equal([]);
    expect(await numbers("")).to.have.length(25);
    for (let n = 0; n < 12; n++) {
      await alice.post("/addConversation", { encryptedContactName: `contact ${n}` });
    }
    expect(await listed()).to.have.length(10);
    expect(await listed("?offset=1")).to.have.length(3);
    expect(await listed("?pageSize=5&offset=2")).to.have.length(3);
  });

  it("changes messages, keeps those that are not there, and of two with one id the last", async () => {
    await alice.post("/addMessage", { encryptedContactName: "bob", ...message("1", 1_000) });
    const before = await listed();
    const answer = await alice.post("/editMessageBatch", {
      encryptedContactName: "bob",
      editMessageBatchPayload: [
        message("1", 9_000, { encryptedEnvelopContainer: "first", isHalted: true }),
        message("2", 2_000),
        message("1", 9_000, { encryptedEnvelopContainer: "second" }),
      ],
    });
    expect(answer.status).to.equal(200);
    expect(JSON.parse(answer.body)).to.deep.equal({ added: 1, changed: 1 });
    const [second, first] = await rows("bob");
    expect(second).to.include({ id: idOf("2"), encryptedEnvelopContainer: "container 2" });
    expect(first).to.include({
      id: idOf("1"),
      encryptedEnvelopContainer: "second",
      isHalted: false,
    });
    expect(first!.createdAt).to.equal("1970-01-01T00:00:01.000Z");
    expect((await listed())[0]!.updatedAt).to.equal(before[0]!.updatedAt);
    const elsewhere = { encryptedContactName: "carol", editMessageBatchPayload: [message("1")] };
    expect((await alice.post("/editMessageBatch", elsewhere)).status).to.equal(200);
    expect((await rows("bob"))[1]).to.include({ encryptedEnvelopContainer: "container 1" });
    expect(await rows("carol")).to.deep.equal([]);
  });

  it("skips what it knows in a batch, keeps the rest, and tells which", async () => {
    const add = async (contact: string, ids: readonly string[]) => {
      const messageBatch = ids.map((id) => message(id));
      const body = { encryptedContactName: contact, messageBatch };
      const { status, body: text } = await alice.post("/addMessageBatch", body);
      expect(status).to.equal(200);
      return JSON.parse(text) as object;
    };
    const [begun, goesOn] = [{ isNewConversation: true }, { isNewConversation: false }];
    expect(await add("bob", ["1", "2", "2"])).to.deep.equal({ added: 2, known: [], ...begun });
    const [before] = await listed();
    expect(await add("bob", ["1", "2"])).to.deep.equal({ added: 0, known: ["1", "2"], ...goesOn });
    expect((await listed())[0]).to.deep.equal(before);
    expect(await add("bob", ["2", "3"])).to.deep.equal({ added: 1, known: ["2"], ...goesOn });
    expect(await add("carol", ["3", "4"])).to.deep.equal({ added: 1, known: ["3"], ...begun });
    expect(await alice.read("/getNumberOfMessages/bob")).to.equal(3);
    const again = { encryptedContactName: "bob", ...message("1", 0, { isHalted: true }) };
    expect(JSON.parse((await alice.post("/addMessage", again)).body)).to.deep.equal({
      ...{ added: 0, known: ["1"], ...goesOn },
    });
    expect((await rows("bob")).map(({ isHalted }) => isHalted)).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it("tells which messages wait, and moves a conversation to its contact's other name", async () => {
    const halted = (id: string, createdAt: number) => message(id, createdAt, { isHalted: true });
    const batch = [halted("1", 1_000), halted("2", 2_000), message("3", 3_000)];
    await alice.post("/addMessageBatch", { encryptedContactName: "bob", messageBatch: batch });
    const waiting = await alice.read<{ messageId: string }[]>("/getHaltedMessages/");
    expect(waiting).to.deep.equal(
      ["1", "2"].map((id) => ({
        ...{ messageId: idOf(id), encryptedEnvelopContainer: `container ${id}`, isHalted: true },
        createdAt: `1970-01-01T00:00:0${id}.000Z`,
      })),
    );
    const clear = (id: string, aliasName?: string) =>
      alice.post("/clearHaltedMessage/", { messageId: idOf(id), aliasName });
    expect(await clear("1", "alias")).to.include({ status: 200, body: "OK" });
    expect(await rows("bob")).to.deep.equal([]);
    const moved = await rows("alias");
    expect(moved.map(({ id }) => id)).to.deep.equal(["3", "2", "1"].map(idOf));
    expect(moved.map(({ isHalted }) => isHalted)).to.deep.equal([false, true, false]);
    expect((await listed()).map(({ contact }) => contact)).to.deep.equal(["alias"]);
    // a client sends it once for each of the receiver's relay nodes
    expect((await clear("1", "alias")).status).to.equal(200);
    expect((await clear("2")).status).to.equal(200);
    expect(await alice.read("/getHaltedMessages")).to.deep.equal([]);
    for (const id of ["9", "1".repeat(70)]) {
      const answer = await clear(id, "alias");
      expect(answer).to.include({ status: 400, body: "unable to clear halted message" });
    }
    expect((await alice.post("/clearHaltedMessage", {})).body).to.equal("invalid schema");
  });

  it("joins a conversation with the one that has its other name", async () => {
    const add = (contact: string, ...batch: object[]) =>
      alice.post("/addMessageBatch", { encryptedContactName: contact, messageBatch: batch });
    await add("alias", message("1", 1_000));
    await add("bob", message("2", 2_000, { isHalted: true }), message("3", 3_000));
    await alice.post("/clearHaltedMessage", { messageId: idOf("2"), aliasName: "alias" });
    expect((await rows("alias")).map(({ id }) => id)).to.deep.equal(["3", "2", "1"].map(idOf));
    expect((await listed()).map(({ contact }) => contact)).to.deep.equal(["alias"]);
    expect(await alice.read("/getNumberOfConversations")).to.equal(1);
    expect(await alice.read("/getNumberOfMessages/alias")).to.equal(3);
    // and a message to the first name begins anew
    await add("bob", message("4", 4_000));
    expect((await listed()).map(({ contact }) => contact)).to.deep.equal(["bob", "alias"]);
    expect(await rows("bob")).to.have.length(1);
  });

  it("says `invalid schema` to what the reference refuses, and to what no database keeps", async () => {
    const good = { encryptedContactName: "bob", ...message("1") };
    const posts: readonly (readonly [string, unknown])[] = [
      ["/addMessage", {}],
      ["/addMessage", "{"],
      ["/addMessage", { ...good, isHalted: undefined }],
      ["/addMessage", { ...good, more: 1 }],
      ["/addMessage", { ...good, createdAt: "now" }],
      ["/addMessage", { ...good, createdAt: 1e300 }],
      ["/addMessage", { ...good, messageId: "a\0b" }],
      ["/addMessage", { ...good, encryptedEnvelopContainer: "a\0b" }],
      ["/addMessageBatch", { encryptedContactName: "bob", messageBatch: [{}] }],
      ["/addMessageBatch", { encryptedContactName: "bob", messageBatch: {} }],
      ["/editMessageBatch", { encryptedContactName: "bob", messageBatch: [message("1")] }],
      ["/addConversation", { encryptedProfileLocation: "x" }],
      ["/addConversation", { encryptedContactName: "\0" }],
      ["/addConversation", { encryptedContactName: "" }],
      ["/toggleHideConversation", { hide: true }],
    ];
    for (const [path, body] of posts) {
      const answer = await alice.post(path, body);
      expect(answer, JSON.stringify(body)).to.include({ status: 400, body: "invalid schema" });
    }
    for (const query of ["pageSize=-1", "offset=-1", "pageSize=1001"]) {
      for (const list of ["/getConversations", "/getMessages/bob"]) {
        const answer = await alice.get(`${list}?${query}`);
        expect(answer, query).to.include({ status: 400, body: "invalid schema" });
      }
    }
    expect(storage.failures).to.deep.equal([]);
  });
});
