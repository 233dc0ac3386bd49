/** Pages while rows move: the client's own page numbers slip, cursors do not. */
import { expect } from "chai";
import {
  message,
  openStorageService,
  rowsIn,
  type StorageService,
  type StorageUser,
} from "./openStorageService.js";

interface Line {
  readonly kind: string;
  readonly contact?: string;
  readonly id?: string;
  readonly cursor?: string;
  readonly container?: string;
  readonly movedTo?: string | null;
  readonly isHidden?: boolean;
}

describe("http: pages of the storage while rows move", () => {
  let storage: StorageService;
  let alice: StorageUser;
  beforeEach(async () => {
    storage = await openStorageService();
    alice = await storage.signIn("alice");
  });
  afterEach(() => storage.stop());

  const add = (contact: string, from: number, to: number, at = (n: number) => n) =>
    alice.post("/addMessageBatch", {
      encryptedContactName: contact,
      messageBatch: Array.from({ length: to - from }, (_, index) =>
        message(String(from + index), at(from + index)),
      ),
    });
  const numbersIn = (body: string) =>
    rowsIn(body).map(({ encryptedEnvelopContainer }) =>
      Number(encryptedEnvelopContainer.split(" ")[1]),
    );
  const page = async (cursor: string) => {
    const answer = await alice.get(
      `/getMessages/bob?pageSize=10&before=${encodeURIComponent(cursor)}`,
    );
    expect(answer.status).to.equal(200);
    return { numbers: numbersIn(answer.body), next: answer.headers.get("signpost-cursor") };
  };
  const changes = async (cursor: string, limit = 1_000) => {
    const answer = await alice.get(
      `/changes?pageSize=${limit}&after=${encodeURIComponent(cursor)}`,
    );
    expect(answer.status).to.equal(200);
    const lines = answer.body
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    const next = answer.headers.get("signpost-cursor") ?? "";
    expect(lines.at(-1)).to.deep.equal({ kind: "end", cursor: next });
    return { rows: lines.slice(1, -1), next };
  };

  it("give each message once by cursor, whatever comes meanwhile", async () => {
    await add("bob", 0, 35);
    const seen: number[] = [];
    let { numbers, next } = await page("");
    for (let turn = 0; numbers.length > 0; turn++) {
      seen.push(...numbers);
      // newer ones, of which a page number would make doubles, and a change of one that was seen
      await add("bob", 1_000 + turn * 3, 1_003 + turn * 3);
      await alice.post("/editMessageBatch", {
        encryptedContactName: "bob",
        editMessageBatchPayload: [message("34", 0, { encryptedEnvelopContainer: "other 34" })],
      });
      ({ numbers, next } = await page(next ?? ""));
      if (numbers.length === 0) expect(next).to.equal(null);
    }
    expect(seen).to.deep.equal(Array.from({ length: 35 }, (_, index) => 34 - index));
    const byNumbers = [0, 1].map(async (n) =>
      numbersIn((await alice.get(`/getMessages/bob?pageSize=10&offset=${n}`)).body),
    );
    expect((await Promise.all(byNumbers)).flat()).to.have.length(20);
  });

  it("are in one order also where messages have one time", async () => {
    await add("bob", 0, 25, () => 5_000);
    const seen: number[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const { numbers, next } = await page(cursor);
      seen.push(...numbers);
      cursor = next;
    }
    expect(seen).to.deep.equal(Array.from({ length: 25 }, (_, index) => 24 - index));
  });

  it("tell every change once behind a cursor, and miss none that is made meanwhile", async () => {
    await add("bob", 0, 20);
    await add("carol", 20, 30);
    const first = await changes("", 7);
    expect(first.rows).to.have.length(7);
    await add("bob", 30, 40);
    await alice.post("/toggleHideConversation", { encryptedContactName: "carol", hide: true });
    const rest: Line[] = [];
    let cursor = first.next;
    for (let rows = first.rows; rows.length > 0; rest.push(...rows)) {
      ({ rows, next: cursor } = await changes(cursor, 7));
    }
    const all = [...first.rows, ...rest];
    const ids = all.flatMap(({ id }) => id ?? []);
    expect(ids).to.have.length(40);
    expect(new Set(ids)).to.have.property("size", 40);
    const conversations = all.filter(({ kind }) => kind === "conversation");
    const latest = new Map(conversations.map((row) => [row.contact, row.isHidden]));
    expect([...latest]).to.deep.equal([
      ["bob", false],
      ["carol", true],
    ]);
    expect((await changes(cursor)).rows).to.deep.equal([]);
    await alice.post("/editMessageBatch", {
      encryptedContactName: "bob",
      editMessageBatchPayload: [message("3", 0, { encryptedEnvelopContainer: "new" })],
    });
    const later = await changes(cursor);
    expect(later.rows.map(({ kind, container }) => [kind, container])).to.deep.equal([
      ["message", "new"],
    ]);
  });

  it("tell where a conversation went", async () => {
    await alice.post("/addMessage", {
      ...{ encryptedContactName: "bob", ...message("1", 1_000, { isHalted: true }) },
    });
    const { next } = await changes("");
    const [{ messageId }] = await alice.read<[{ messageId: string }]>("/getHaltedMessages");
    await alice.post("/clearHaltedMessage", { messageId, aliasName: "alias" });
    const { rows } = await changes(next);
    const told = rows.map(({ kind, contact, movedTo }) => [kind, contact, movedTo ?? null]);
    expect(told).to.have.deep.members([
      ["conversation", "alias", null],
      ["conversation", "bob", "alias"],
      ["message", "alias", null],
    ]);
  });

  it("give each halted message once by cursor, however many there are and however long", async () => {
    const halted = (from: number, to: number, container?: string) =>
      alice.post("/addMessageBatch", {
        encryptedContactName: "bob",
        messageBatch: Array.from({ length: to - from }, (_, index) =>
          message(String(from + index), 1_000, {
            isHalted: true,
            ...(container !== undefined && { encryptedEnvelopContainer: container }),
          }),
        ),
      });
    await halted(0, 1_005);
    // two of them are more than an answer holds
    for (let n = 0; n < 3; n++) await halted(2_000 + n * 20, 2_020 + n * 20, "x".repeat(300_000));
    // the reference's route, as it is
    expect(await alice.read("/getHaltedMessages")).to.have.length(1_000);
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const answer = await alice.get(`/getHaltedMessages?after=${encodeURIComponent(cursor)}`);
      expect(answer.status).to.equal(200);
      const rows = JSON.parse(answer.body) as { messageId: string }[];
      sizes.push(rows.length);
      seen.push(...rows.map(({ messageId }) => messageId));
      cursor = answer.headers.get("signpost-cursor");
      // one that was seen waits no longer
      const [first] = rows;
      if (first) await alice.post("/clearHaltedMessage", { messageId: first.messageId });
    }
    expect(seen).to.have.length(1_065);
    expect(new Set(seen)).to.have.property("size", 1_065);
    expect(sizes[0]).to.equal(1_000);
    expect(sizes.length).to.be.within(4, 9);
  });

  it("go by no cursor that is none", async () => {
    for (const [path, name] of [
      ["/getMessages/bob", "before"],
      ["/changes", "after"],
      ["/getHaltedMessages", "after"],
    ] as const) {
      for (const cursor of ["x", "MTox", "a".repeat(500)]) {
        expect((await alice.get(`${path}?${name}=${cursor}`)).status, cursor).to.equal(400);
      }
    }
    const cursorOfFeed = (await changes("")).next;
    const wrong = await alice.get(`/getMessages/bob?before=${encodeURIComponent(cursorOfFeed)}`);
    expect(wrong.status).to.equal(400);
  });
});
