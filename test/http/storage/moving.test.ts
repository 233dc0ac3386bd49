/** Export and import, deletion, and how long rows are kept. */
import { expect } from "chai";
import {
  message,
  openStorageService,
  ROOMY,
  rowsIn,
  type StorageService,
  type StorageUser,
} from "./openStorageService.js";

const DAY_MS = 86_400_000;

describe("http: all that a user has in the storage", () => {
  let here: StorageService;
  let there: StorageService;
  let alice: StorageUser;
  let copy: StorageUser;
  beforeEach(async () => {
    [here, there] = [await openStorageService(), await openStorageService()];
    [alice, copy] = [await here.signIn("alice"), await there.signIn("alice")];
  });
  afterEach(async () => {
    await Promise.all([here.stop(), there.stop()]);
  });

  const add = (user: StorageUser, contact: string, ...ids: readonly string[]) =>
    user.post("/addMessageBatch", {
      encryptedContactName: contact,
      messageBatch: ids.map((id) => message(id, Number(id), { isHalted: id === "7" })),
    });
  const edit = (user: StorageUser, contact: string, id: string, text: string) =>
    user.post("/editMessageBatch", {
      encryptedContactName: contact,
      editMessageBatchPayload: [message(id, 0, { encryptedEnvelopContainer: text })],
    });
  const state = async (user: StorageUser, contacts: readonly string[]) => {
    const listed = await user.read<Record<string, string>[]>("/getConversations?pageSize=100");
    const conversations = listed
      .map(({ contact, previewMessage }) => `${contact}: ${previewMessage}`)
      .sort();
    const rows = [];
    for (const contact of contacts) {
      const found = rowsIn((await user.get(`/getMessages/${contact}?pageSize=1000`)).body);
      // another number at each storage
      rows.push(found.map((row) => ({ ...row, conversationId: "" })));
    }
    return { conversations, rows, halted: await user.read<unknown>("/getHaltedMessages") };
  };
  const exported = async (user: StorageUser) => {
    const { status, body, contentType } = await user.get("/export");
    expect({ status, contentType }).to.deep.equal({
      ...{ status: 200, contentType: "application/x-ndjson; charset=utf-8" },
    });
    return body;
  };
  const taken = async (user: StorageUser, lines: string) => {
    const { status, body } = await user.post("/import", lines);
    expect(status, body).to.equal(200);
    return (JSON.parse(body) as { taken: number }).taken;
  };

  it("is exported as it lies, and the same where it is taken in, also twice", async () => {
    await add(alice, "bob", "1", "2", "7");
    await add(alice, "carol", "3");
    await alice.post("/addConversation", {
      ...{ encryptedContactName: "dave", encryptedProfileLocation: "location" },
    });
    await alice.post("/toggleHideConversation", { encryptedContactName: "carol", hide: true });
    const lines = await exported(alice);
    expect(lines.split("\n")[0]).to.equal('{"kind":"storage","version":1,"idName":"alice.eth"}');
    expect(lines.trim().split("\n")).to.have.length(1 + 3 + 4 + 1);
    expect(await taken(copy, lines)).to.equal(7);
    const contacts = ["bob", "carol", "dave"];
    expect(await state(copy, contacts)).to.deep.equal(await state(alice, contacts));
    const usage = async (user: StorageUser) => await user.read<object>("/usage");
    expect(await usage(copy)).to.deep.equal(await usage(alice));
    expect(await taken(copy, lines)).to.equal(0);
    expect(await state(copy, contacts)).to.deep.equal(await state(alice, contacts));
    // what is there goes on under the same ids
    expect(JSON.parse((await add(copy, "bob", "1", "9")).body)).to.deep.include({
      ...{ added: 1, known: ["1"] },
    });
  });

  it("is followed by its changes, and an older piece that comes late undoes nothing", async () => {
    await add(alice, "bob", "1", "2", "7");
    const early = await alice.get("/changes");
    await taken(copy, early.body);
    await edit(alice, "bob", "1", "changed");
    await add(alice, "bob", "3");
    const [{ messageId }] = await alice.read<[{ messageId: string }]>("/getHaltedMessages");
    await alice.post("/clearHaltedMessage", { messageId, aliasName: "alias" });
    const cursor = encodeURIComponent(early.headers.get("signpost-cursor") ?? "");
    const late = await alice.get(`/changes?after=${cursor}`);
    await taken(copy, late.body);
    const contacts = ["bob", "alias"];
    expect(await state(copy, contacts)).to.deep.equal(await state(alice, contacts));
    await taken(copy, early.body);
    expect(await state(copy, contacts)).to.deep.equal(await state(alice, contacts));
  });

  it("meets where both sides changed, and the later change wins", async () => {
    await add(alice, "bob", "1", "2");
    await taken(copy, await exported(alice));
    await edit(alice, "bob", "1", "first");
    await edit(copy, "bob", "1", "second");
    await edit(copy, "bob", "2", "first");
    await edit(alice, "bob", "2", "second");
    await add(copy, "carol", "3");
    await taken(copy, await exported(alice));
    await taken(alice, await exported(copy));
    const both = await state(alice, ["bob", "carol"]);
    expect(await state(copy, ["bob", "carol"])).to.deep.equal(both);
    expect(
      both.rows[0]!.map(({ encryptedEnvelopContainer }) => encryptedEnvelopContainer),
    ).to.deep.equal([...["second", "second"]]);
  });

  it("is taken in as a whole or not at all, and told by the line what is wrong", async () => {
    const good = (await add(alice, "bob", "1"), await exported(alice));
    for (const bad of ["{", '{"kind":"message"}', "null", '{"kind":"other"}']) {
      const { status, body } = await copy.post("/import", `${good}${bad}\n`);
      expect(status).to.equal(400);
      expect((JSON.parse(body) as { error: string }).error).to.match(/^Line 5 is not as expected/);
    }
    expect(await copy.read("/getConversations")).to.deep.equal([]);
    await there.stop();
    there = await openStorageService({ bounds: { ...ROOMY, mostMessages: 0 } });
    copy = await there.signIn("alice");
    expect((await copy.post("/import", good)).status).to.equal(409);
    expect(await copy.read("/getConversations")).to.deep.equal([]);
  });

  it("ends at once and for good when its user says so, and nothing of others", async () => {
    const bob = await here.signIn("bob");
    await add(alice, "bob", "1", "2");
    await add(bob, "alice", "1");
    const answer = await here.ask("DELETE", alice.base, undefined, alice.token);
    expect(answer).to.include({ status: 200, body: '{"isDone":true}' });
    expect((await alice.get("/getConversations")).status).to.equal(404);
    expect((await here.ask("GET", "/profile/alice.eth")).status).to.equal(404);
    expect(await bob.read("/getNumberOfMessages/alice")).to.equal(1);
    const again = await here.signIn("alice");
    expect(await again.read("/getConversations")).to.deep.equal([]);
    expect(await again.read("/usage")).to.include({ messages: 0, conversations: 0, bytes: 0 });
    expect(JSON.parse((await add(again, "bob", "1")).body)).to.include({ added: 1 });
  });

  it("is kept for as long as its user says, and the operator allows", async () => {
    const retention = async (user: StorageUser, days: number | null) => {
      const answer = await here.ask("PUT", `${user.base}/retention`, { days }, user.token);
      return { status: answer.status, body: JSON.parse(answer.body) as unknown };
    };
    expect(await retention(alice, 30)).to.deep.equal({ status: 200, body: { retentionDays: 30 } });
    expect(await alice.read("/usage")).to.include({ retentionDays: 30 });
    expect(await retention(alice, null)).to.deep.include({ body: { retentionDays: null } });
    expect((await retention(alice, 0)).status).to.equal(400);
    expect(DAY_MS).to.equal(86_400_000);
  });
});
