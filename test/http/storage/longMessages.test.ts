/** Long containers in bodies, which stay bytes on their way into the database: what comes out is what went in. */
import { expect } from "chai";
import {
  message,
  openStorageService,
  rowsIn,
  type StorageService,
  type StorageUser,
} from "./openStorageService.js";

const LONG = 9_000;

describe("http: long messages of the storage", () => {
  let storage: StorageService;
  let alice: StorageUser;
  before(async () => {
    storage = await openStorageService();
    alice = await storage.signIn("alice");
  });
  after(() => storage.stop());

  const containers = {
    plain: "Q".repeat(LONG),
    short: "short",
    "of other characters": "ü 🎩 ".repeat(LONG / 5),
    "with spaces": "a b ".repeat(LONG / 4),
    "of escapes": '\\"/'.repeat(LONG / 3),
    "plain too": "R/+=".repeat(LONG / 4),
  };
  const kept = async (contact: string) => {
    const { status, body } = await alice.get(`/getMessages/${encodeURIComponent(contact)}`);
    expect(status).to.equal(200);
    return rowsIn(body).map(({ encryptedEnvelopContainer }) => encryptedEnvelopContainer);
  };
  const batchOf = (word: string, texts: readonly string[]) =>
    texts.map((text, index) =>
      message(`${word}${index}`, 1_000 - index, { encryptedEnvelopContainer: text }),
    );

  it("are kept as they came: one by one, in batches, and changed", async () => {
    const all = Object.values(containers);
    for (const [name, text] of Object.entries(containers)) {
      const one = message(name, 1_000, { encryptedEnvelopContainer: text });
      const answer = await alice.post("/addMessage", { encryptedContactName: name, ...one });
      expect(answer.status, name).to.equal(200);
      expect(await kept(name), name).to.deep.equal([text]);
    }
    const add = (contact: string, texts: readonly string[]) =>
      alice.post("/addMessageBatch", {
        encryptedContactName: contact,
        messageBatch: batchOf(contact, texts),
      });
    const withoutEscapes = all.filter((text) => !text.includes("\\"));
    for (const [contact, texts] of [
      ["all", all],
      ["without escapes", withoutEscapes],
      ["base64 alone", [containers.plain, containers["plain too"], containers.plain]],
      ["the second way round", withoutEscapes.toReversed()],
    ] as const) {
      expect((await add(contact, texts)).status, contact).to.equal(200);
      expect(await kept(contact), contact).to.deep.equal(texts);
    }
    const changed = withoutEscapes.map((text) => text.replace(/^./u, "z"));
    const edit = {
      encryptedContactName: "without escapes",
      editMessageBatchPayload: batchOf("without escapes", changed),
    };
    const edited = await alice.post("/editMessageBatch", edit);
    expect(JSON.parse(edited.body)).to.deep.equal({ added: 0, changed: changed.length });
    expect(await kept("without escapes")).to.deep.equal(changed);
  });

  it("are counted by their bytes", async () => {
    const bob = await storage.signIn("bob");
    const texts = Object.values(containers);
    await bob.post("/addMessageBatch", {
      encryptedContactName: "x",
      messageBatch: batchOf("m", texts),
    });
    const sum = texts.reduce((all, text) => all + Buffer.byteLength(text), 0);
    expect(await bob.read("/usage")).to.include({ messages: texts.length, bytes: sum + 1 });
  });

  it("are each sender's own, where many long bodies come at once", async () => {
    const people = [await storage.signIn("alice"), await storage.signIn("bob")];
    const textsOf = (word: string) =>
      Array.from({ length: 95 }, (_, index) =>
        Buffer.from(`${word} ${index} `.repeat(1_000)).toString("base64").slice(0, 14_000),
      );
    const jobs = people.flatMap((user, index) =>
      [0, 1, 2, 3].map((number) => ({ user, word: `user ${index} body ${number}` })),
    );
    const answers = await Promise.all(
      jobs.map(({ user, word }) =>
        user.post("/addMessageBatch", {
          encryptedContactName: word,
          messageBatch: batchOf(word, textsOf(word)),
        }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    for (const { user, word } of jobs) {
      const { body } = await user.get(`/getMessages/${encodeURIComponent(word)}`);
      const found = rowsIn(body).map((row) => row.encryptedEnvelopContainer);
      expect(found.length).to.equal(95);
      expect(found.every((text, index) => text === textsOf(word)[index])).to.equal(true);
    }
  });

  it("have a contact that is as long as one may be, and no longer", async () => {
    const one = message("of a long contact", 1, { encryptedEnvelopContainer: containers.plain });
    const add = async (encryptedContactName: string) =>
      (await alice.post("/addMessage", { encryptedContactName, ...one })).status;
    expect(await add("ü".repeat(4_097))).to.equal(400);
    expect(await add("x".repeat(6_000))).to.equal(400);
    expect(await add("ü".repeat(4_096))).to.equal(200);
    expect(
      await alice.read(`/getNumberOfMessages/${encodeURIComponent("ü".repeat(300))}`),
    ).to.equal(0);
  });

  it("are refused with characters that none may have, and where they are no text", async () => {
    const body = (text: string) =>
      JSON.stringify({ encryptedContactName: "bad", ...message("bad") }).replace(
        "container bad",
        text,
      );
    const long = "x".repeat(LONG);
    for (const [what, text] of [
      ["a line feed", `${long}\n`],
      ["an escaped one", `${long}\\n`],
      ["a control character", `${long}\u0085`],
      ["a zero", `\\u0000${long}`],
      ["more than it says", `${long}"`],
    ] as const) {
      expect((await alice.post("/addMessage", body(text))).status, what).to.equal(400);
    }
    const bytes = Buffer.from(body(`${long}?`));
    bytes[bytes.indexOf(0x3f)] = 0xff;
    const answer = await fetch(`${storage.url}${alice.base}/addMessage`, {
      method: "POST",
      headers: { authorization: `Bearer ${alice.token}`, "content-type": "application/json" },
      body: bytes,
    });
    expect(answer.status).to.equal(400);
    expect(await alice.read("/getNumberOfMessages/bad")).to.equal(0);
    expect((await alice.post("/addMessage", body(long))).status).to.equal(200);
  });
});
