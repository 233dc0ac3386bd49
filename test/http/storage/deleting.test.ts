/** One message, or one conversation, deleted by its user over HTTP: nothing of it comes back by a request that is sent again. */
import { expect } from "chai";
import {
  type ListedConversation,
  message,
  openStorageService,
  rowsIn,
  type StorageService,
  type StorageUser,
} from "./openStorageService.js";

describe("http: what a user of the storage deletes", () => {
  let storage: StorageService;
  let alice: StorageUser;
  beforeEach(async () => {
    storage = await openStorageService();
    alice = await storage.signIn("alice");
  });
  afterEach(() => storage.stop());

  const add = (contact: string, ...ids: readonly string[]) =>
    alice.post("/addMessageBatch", {
      encryptedContactName: contact,
      messageBatch: ids.map((id) => message(id, Number(id))),
    });
  const rows = async (contact: string) => rowsIn((await alice.get(`/getMessages/${contact}`)).body);
  const numbers = async (contact: string) =>
    (await rows(contact)).map(({ createdAt }) => Date.parse(createdAt));
  const remove = async (path: string, user = alice) => {
    const { status, body } = await storage.ask(
      "DELETE",
      `${user.base}${path}`,
      undefined,
      user.token,
    );
    return { status, body: JSON.parse(body) as unknown };
  };
  const contacts = async () =>
    (await alice.read<ListedConversation[]>("/getConversations")).map(({ contact }) => contact);

  it("is one message, by the id of its row or by its client's own", async () => {
    await add("bob", "1", "2", "3");
    const [newest] = await rows("bob");
    expect(await remove(`/messages/${newest!.id}`)).to.deep.equal({
      ...{ status: 200, body: { deleted: 1 } },
    });
    expect(await remove("/messages?messageId=1")).to.deep.include({ body: { deleted: 1 } });
    expect(await remove("/messages?messageId=1")).to.deep.include({ body: { deleted: 0 } });
    expect(await numbers("bob")).to.deep.equal([2]);
    expect(await alice.read("/getNumberOfMessages/bob")).to.equal(1);
    const [conversation] = await alice.read<ListedConversation[]>("/getConversations");
    expect(conversation).to.include({ contact: "bob", previewMessage: "container 2" });
    const again = await add("bob", "1", "2", "3");
    expect(JSON.parse(again.body)).to.deep.equal({
      ...{ added: 0, known: ["1", "2", "3"], isNewConversation: false },
    });
    const edit = { encryptedContactName: "bob", editMessageBatchPayload: [message("1")] };
    expect((await alice.post("/editMessageBatch", edit)).status).to.equal(200);
    expect(await numbers("bob")).to.deep.equal([2]);
    expect(await alice.read("/usage")).to.include({ messages: 1 });
  });

  it("is one conversation with all its messages, and no other one", async () => {
    const bob = await storage.signIn("bob");
    await bob.post("/addMessage", { encryptedContactName: "bob", ...message("1") });
    await add("bob", "1", "2");
    await add("carol", "3");
    const done = { status: 200, body: { isDone: true } };
    expect(await remove("/conversations/bob")).to.deep.equal(done);
    expect(await contacts()).to.deep.equal(["carol"]);
    expect(await alice.read("/getNumberOfConversations")).to.equal(1);
    expect(await rows("bob")).to.deep.equal([]);
    expect(await alice.read("/usage")).to.include({ messages: 1, conversations: 1 });
    expect(JSON.parse((await add("bob", "1", "2")).body)).to.deep.include({ added: 0 });
    expect(await contacts()).to.deep.equal(["carol"]);
    expect(await remove("/conversations/bob")).to.deep.equal(done);
    // what is new begins anew
    expect(JSON.parse((await add("bob", "4")).body)).to.deep.include({ added: 1 });
    expect(await numbers("bob")).to.deep.equal([4]);
    expect(await bob.read("/getNumberOfMessages/bob")).to.equal(1);
  });

  it("is one conversation once, where the same request comes again", async () => {
    const request = "/conversations/bob?request=r1";
    const done = { status: 200, body: { isDone: true } };
    await add("bob", "1");
    expect(await remove(request)).to.deep.equal(done);
    await add("bob", "2");
    expect(await remove(request)).to.deep.equal(done);
    expect(await numbers("bob")).to.deep.equal([2]);
    expect(await remove("/conversations/bob?request=r2")).to.deep.equal(done);
    expect(await numbers("bob")).to.deep.equal([]);
    expect((await remove(`/conversations/bob?request=${"r".repeat(129)}`)).status).to.equal(400);
  });

  it("is nothing of another account, whatever id is given", async () => {
    const bob = await storage.signIn("bob");
    await add("bob", "1");
    const [row] = await rows("bob");
    expect(await remove(`/messages/${row!.id}`, bob)).to.deep.include({ body: { deleted: 0 } });
    await remove("/messages?messageId=1", bob);
    await remove("/conversations/bob", bob);
    expect(await numbers("bob")).to.deep.equal([1]);
  });

  it("is told by an id that can be one", async () => {
    for (const path of ["/messages/1", "/messages", "/messages?messageId="]) {
      const { status, body } = await remove(path);
      expect(status, path).to.equal(400);
      expect(body).to.have.property("error").that.is.a("string");
    }
  });
});
