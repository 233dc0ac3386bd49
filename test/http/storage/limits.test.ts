import { expect } from "chai";
import {
  message,
  openStorageService,
  ROOMY,
  type StorageService,
  type StorageUser,
} from "./openStorageService.js";

describe("http: how much the storage keeps", () => {
  let storage: StorageService;
  let alice: StorageUser;
  const open = async (options: Parameters<typeof openStorageService>[0]) => {
    storage = await openStorageService(options);
    alice = await storage.signIn("alice");
  };
  afterEach(() => storage.stop());

  const add = (contact: string, ids: readonly string[], fields: object = {}) =>
    alice.post("/addMessageBatch", {
      encryptedContactName: contact,
      messageBatch: ids.map((id) => message(id, 1_000, fields)),
    });
  const refusal = async (answer: Promise<{ status: number; body: string }>) => {
    const { status, body } = await answer;
    const { code, details, error } = JSON.parse(body) as Record<string, unknown>;
    expect(error).to.be.a("string");
    return { status, code, details };
  };
  const full = (of: string, most: number) => ({
    ...{ status: 409, code: "STORAGE_FULL", details: { of, most } },
  });

  it("refuses more messages than an account may have, with the reason and as a whole", async () => {
    await open({ bounds: { ...ROOMY, mostMessages: 3 } });
    expect((await add("bob", ["1", "2"])).status).to.equal(200);
    expect(await refusal(add("bob", ["3", "4"]))).to.deep.equal(full("messages", 3));
    expect(await alice.read("/getNumberOfMessages/bob")).to.equal(2);
    expect((await add("bob", ["1", "2", "3"])).status).to.equal(200);
    expect(await refusal(add("carol", ["4"]))).to.deep.equal(full("messages", 3));
    expect(await alice.read("/getConversations")).to.have.length(1);
    const metrics = await (await fetch(storage.service.metricsUrl)).text();
    expect(metrics).to.match(/^signpost_storage_requests_total\{result="STORAGE_FULL"\} 2$/m);
    expect(metrics).to.match(/^signpost_storage_requests_total\{result="answered"\} [1-9]/m);
    // what is known takes no room
    expect((await add("bob", ["1", "2", "3"])).status).to.equal(200);
    expect(await alice.read("/usage")).to.include({ messages: 3, mostMessages: 3 });
  });

  it("refuses more conversations, and more bytes, and lets an account have less", async () => {
    await open({ bounds: { ...ROOMY, mostConversations: 2, mostBytes: 3_000 } });
    for (const contact of ["bob", "carol"]) await add(contact, [contact]);
    expect(await refusal(add("dave", ["1"]))).to.deep.equal(full("conversations", 2));
    const put = alice.post("/addConversation", { encryptedContactName: "dave" });
    expect(await refusal(put)).to.deep.equal(full("conversations", 2));
    const long = { encryptedEnvelopContainer: "x".repeat(2_900) };
    expect((await add("bob", ["1"], long)).status).to.equal(200);
    expect(await refusal(add("bob", ["2"], long))).to.deep.equal(full("bytes", 3_000));
    const edit = (text: string) =>
      alice.post("/editMessageBatch", {
        encryptedContactName: "bob",
        editMessageBatchPayload: [message("1", 0, { encryptedEnvelopContainer: text })],
      });
    expect(await refusal(edit("x".repeat(3_000)))).to.deep.equal(full("bytes", 3_000));
    expect((await edit("short")).status).to.equal(200);
    const { bytes } = await alice.read<{ bytes: number }>("/usage");
    const containers = ["container bob", "container carol", "short"].join("").length;
    expect(bytes).to.equal("bobcarol".length + containers);
  });

  it("lets an account that is full clear what was halted, into a conversation of its own", async () => {
    await open({ bounds: { ...ROOMY, mostConversations: 1 } });
    expect((await add("bob", ["1"], { isHalted: true })).status).to.equal(200);
    const [row] = await alice.read<{ messageId: string }[]>("/getHaltedMessages");
    const clear = { messageId: row!.messageId, aliasName: "alias of bob" };
    expect((await alice.post("/clearHaltedMessage", clear)).status).to.equal(200);
    expect(await alice.read("/getHaltedMessages")).to.deep.equal([]);
    expect(await alice.read("/getNumberOfMessages/alias%20of%20bob")).to.equal(1);
    expect(await refusal(add("carol", ["2"]))).to.deep.equal(full("conversations", 1));
  });

  it("bounds how much more an account has by that", async () => {
    await open({ bounds: { ...ROOMY, mostConversations: 2 } });
    const statuses: number[] = [];
    for (let turn = 0; turn < 102; turn++) {
      await add("bob", [String(turn)], { isHalted: true });
      const [row] = await alice.read<{ messageId: string }[]>("/getHaltedMessages");
      const clear = { messageId: row!.messageId, aliasName: `alias ${turn}` };
      statuses.push((await alice.post("/clearHaltedMessage", clear)).status);
    }
    expect(statuses.slice(-2)).to.deep.equal([200, 409]);
  });

  it("refuses a message that is too long, and a body, before it is read", async () => {
    await open({ bounds: { ...ROOMY, mostMessageBytes: 1_000 } });
    const long = { encryptedEnvelopContainer: "ü".repeat(501) };
    expect(await refusal(add("bob", ["1"], long))).to.include({ status: 413, code: "TOO_LARGE" });
    expect(
      (await add("bob", ["1"], { encryptedEnvelopContainer: "x".repeat(1_000) })).status,
    ).to.equal(200);
    const body = { encryptedContactName: "x".repeat(200_000) };
    expect((await alice.post("/addConversation", body)).status).to.equal(413);
    const many = Array.from({ length: 2_001 }, (_, index) => String(index));
    expect((await add("bob", many)).status).to.equal(400);
  });

  it("counts what an account writes in a day", async () => {
    await open({ bounds: { ...ROOMY, mostBytes: 1_000 } });
    const long = { encryptedEnvelopContainer: "x".repeat(900) };
    const statuses = [];
    for (let turn = 0; turn < 5; turn++) statuses.push((await add("bob", ["1"], long)).status);
    expect(statuses).to.deep.equal([200, 200, 200, 429, 429]);
    expect((await alice.get("/getConversations")).status).to.equal(200);
    storage.clock.nowMs += 86_400_000;
    const again = await storage.signIn("alice");
    expect((await again.post("/addConversation", { encryptedContactName: "x" })).status).to.equal(
      200,
    );
  });

  it("counts what an account has moved from one conversation into another, as it is written", async () => {
    await open({ bounds: { ...ROOMY, mostBytes: 200_000 } });
    const ids = Array.from({ length: 1_000 }, (_, index) => String(index));
    expect((await add("bob", ids, { isHalted: true })).status).to.equal(200);
    const rows = await alice.read<{ messageId: string }[]>("/getHaltedMessages");
    const statuses = [];
    for (let turn = 0; turn < 4; turn++) {
      const { messageId } = rows[turn]!;
      const aliasName = turn % 2 === 0 ? "alias" : "bob";
      statuses.push((await alice.post("/clearHaltedMessage", { messageId, aliasName })).status);
    }
    expect(statuses).to.deep.equal([200, 200, 200, 429]);
    expect(await alice.read("/getNumberOfMessages/alias")).to.equal(1_000);
    storage.clock.nowMs += 86_400_000;
    const again = await storage.signIn("alice");
    const { messageId } = rows[3]!;
    const late = await again.post("/clearHaltedMessage", { messageId, aliasName: "bob" });
    expect(late.status).to.equal(200);
  });

  it("counts what is left of each deletion, also of what is not there", async () => {
    await open({ bounds: { ...ROOMY, mostBytes: 1_000 } });
    const statuses: number[] = [];
    for (let id = 0; id < 20; id++) {
      const path = `${alice.base}/messages?messageId=${id}`;
      statuses.push((await storage.ask("DELETE", path, undefined, alice.token)).status);
    }
    // 4,000 bytes a day, and 257 for each
    expect(statuses.filter((status) => status === 200)).to.have.length.within(15, 17);
    expect(statuses.at(-1)).to.equal(429);
  });

  it("counts what is left of each row that is taken in, beside its line", async () => {
    await open({ bounds: { ...ROOMY, mostBytes: 1_000 } });
    const lines = (from: number) =>
      Array.from({ length: 5 }, (_, index) => ({
        ...{ kind: "deletion", of: "message", version: 1, isFinal: true },
        id: `0x${String(from + index).padStart(64, "0")}`,
      }))
        .map((line) => `${JSON.stringify(line)}\n`)
        .join("");
    const statuses = [];
    for (const from of [0, 0, 5, 10])
      statuses.push((await alice.post("/import", lines(from))).status);
    // 4,000 bytes a day: the same once more leaves nothing
    expect(statuses).to.deep.equal([200, 200, 200, 429]);
  });

  it("takes a body that does not say how long it is, also where a day has less than the longest", async () => {
    await open({ bounds: { ...ROOMY, mostBytes: 1_000 } });
    const text = JSON.stringify({ encryptedContactName: "bob", ...message("1") });
    const answer = await fetch(`${storage.url}${alice.base}/addMessage`, {
      method: "POST",
      headers: { authorization: `Bearer ${alice.token}` },
      body: new Blob([text]).stream(),
      duplex: "half",
    } as RequestInit);
    expect(answer.status).to.equal(200);
  });

  it("sends no page that is too long in all, and says what helps", async () => {
    await open({ bounds: { ...ROOMY, mostMessageBytes: 300_000, mostBytes: 1e9 } });
    const long = { encryptedEnvelopContainer: "x".repeat(300_000) };
    for (let n = 0; n < 4; n++) {
      const ids = Array.from({ length: 30 }, (_, index) => `${n}.${index}`);
      expect((await add("bob", ids, long)).status).to.equal(200);
    }
    expect((await alice.get("/getMessages/bob?pageSize=100")).status).to.equal(200);
    const refused = await refusal(alice.get("/getMessages/bob?pageSize=120"));
    expect(refused).to.include({ status: 413, code: "TOO_LARGE" });
    const cut = await alice.get("/getMessages/bob?before=&pageSize=120");
    expect(cut.status).to.equal(200);
    expect(JSON.parse(cut.body)).to.have.length.within(5, 20);
  });
});
