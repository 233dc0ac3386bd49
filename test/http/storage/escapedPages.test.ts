/** Pages of containers that become longer in JSON: counted by what they take there, and made with pauses. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { fromHex } from "../../../src/abi/hex.js";
import { addressFrom } from "../../../src/ens/address.js";
import { jsonPiece, sendRows, textPiece } from "../../../src/http/storage/jsonPieces.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../../src/installation/scratchDatabase.js";
import { onStorageTables } from "../../db/storage/storageDatabase.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import {
  message,
  openStorageService,
  ROOMY,
  rowsIn,
  type StorageService,
  type StorageUser,
} from "./openStorageService.js";

const MIB = 1024 * 1024;
/** Of an answer by cursor: 4 MiB, and the row that goes beyond. */
const CUT_BYTES = 5.5 * MIB;

describe("http: pages of containers that become longer in JSON", () => {
  let database: ScratchDatabase;
  let storage: StorageService;
  let alice: StorageUser;
  beforeEach(async () => {
    database = await openScratchDatabase();
    storage = await openStorageService(
      { bounds: { ...ROOMY, mostBytes: 1_000 * MIB } },
      database.url,
    );
    alice = await storage.signIn("alice");
  });
  afterEach(async () => {
    await storage.stop();
    await database.close();
  });

  const add = async (contact: string, count: number, container: string, fields: object = {}) => {
    const inBatch = Math.max(1, Math.floor((6 * MIB) / (container.length + 200)));
    for (let from = 0; from < count; from += inBatch) {
      const batch = Array.from({ length: Math.min(inBatch, count - from) }, (_, index) =>
        message(`${contact} ${from + index}`, from + index, {
          ...{ encryptedEnvelopContainer: container, ...fields },
        }),
      );
      const body = { encryptedContactName: contact, messageBatch: batch };
      expect((await alice.post("/addMessageBatch", body)).status).to.equal(200);
    }
  };
  const path = (contact: string, query: string) =>
    `/getMessages/${encodeURIComponent(contact)}?${query}`;
  /** All of them by cursor: how many rows and bytes each answer has. */
  const byCursor = async (contact: string, pageSize: number) => {
    const answers: { readonly rows: readonly unknown[]; readonly bytes: number }[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const query = `pageSize=${pageSize}&before=${encodeURIComponent(cursor)}`;
      const { status, body, headers } = await alice.get(path(contact, query));
      expect(status).to.equal(200);
      answers.push({ rows: rowsIn(body), bytes: Buffer.byteLength(body) });
      cursor = headers.get("signpost-cursor");
    }
    return answers;
  };

  for (const [what, container] of [
    ["quotation marks", '"'.repeat(20_000)],
    ["backslashes", "\\".repeat(20_000)],
  ] as const) {
    it(`are shorter by cursor, and whole by page number: ${what}`, async () => {
      await add("bob", 100, container);
      const answers = await byCursor("bob", 100);
      expect(answers.flatMap(({ rows }) => rows)).to.have.length(100);
      for (const { bytes } of answers) expect(bytes).to.be.lessThan(CUT_BYTES);
      const page = await alice.get(path("bob", "pageSize=100"));
      expect(page.status).to.equal(200);
      const rows = rowsIn(page.body);
      expect(rows).to.deep.equal(answers.flatMap((answer) => answer.rows));
      expect(rows.every((row) => row.encryptedEnvelopContainer === container)).to.equal(true);
    });
  }

  it("are shorter by cursor where they wait, and where their contact is long", async () => {
    await add("bob", 200, '"'.repeat(20_000), { isHalted: true });
    let count = 0;
    for (let cursor: string | null = ""; cursor !== null;) {
      const answer = await alice.get(`/getHaltedMessages?after=${encodeURIComponent(cursor)}`);
      expect(answer.body.length).to.be.lessThan(CUT_BYTES);
      count += (JSON.parse(answer.body) as object[]).length;
      cursor = answer.headers.get("signpost-cursor");
    }
    expect(count).to.equal(200);
    const contact = '"'.repeat(1_000);
    await add(contact, 1_100, "short");
    const answers = await byCursor(contact, 1_000);
    expect(answers.flatMap(({ rows }) => rows)).to.have.length(1_100);
    for (const { bytes } of answers) expect(bytes).to.be.lessThan(CUT_BYTES);
  });

  it("are refused by page number where all together they are too long in JSON", async () => {
    await add("bob", 40, '"'.repeat(300_000));
    const answer = await alice.get(path("bob", "pageSize=40"));
    expect(answer.status).to.equal(413);
    expect((await alice.get(path("bob", "pageSize=20"))).status).to.equal(200);
  });

  it("are never longer than what is counted before they are read", async () => {
    const tables = await onStorageTables(database.url);
    const { address } = people.alice;
    const account = await tables.accounts.accountOf(addressFrom(fromHex(address.toLowerCase())));
    const { number } = account!;
    const page = { limit: 100, skip: 0 };
    for (const [index, text] of ['"', "\\", "ü", "€", "🎩", "a", 'a"🎩'].entries()) {
      const contact = text.repeat(900 / text.length);
      await alice.post("/addConversation", {
        encryptedContactName: contact,
        encryptedProfileLocation: text.repeat(30_000),
      });
      await add(contact, 5, text.repeat(1_000 * (index + 1)));
      const { body } = await alice.get(path(contact, "pageSize=100"));
      const counted = await tables.messages.sizeOfList(number, contact, page);
      expect(Buffer.byteLength(body), text).to.be.at.most(counted);
      expect(await tables.messages.list(number, contact, page, counted)).to.have.length(5);
      expect(await tables.messages.list(number, contact, page, counted - 1)).to.have.length(0);
    }
    const { body } = await alice.get("/getConversations?pageSize=100");
    const counted = await tables.conversations.sizeOfList(number, page);
    expect(Buffer.byteLength(body)).to.be.at.most(counted);
    expect(await tables.conversations.list(number, page, counted - 1)).to.have.length(0);
    await tables.close();
  });

  it("hold up nobody else for longer than one row takes", async () => {
    let pauses = 0;
    const pause = () => {
      pauses++;
      return Promise.resolve();
    };
    const server: Server = createServer((request, response) => {
      const isPlain = request.url === "/plain";
      const rows = Array.from({ length: 30 }, (_, at) => ({ isPlain, text: `row ${at}` }));
      void sendRows(
        response as never,
        rows,
        ({ text }) => [jsonPiece('"'), textPiece(`${text}"`, false), jsonPiece('"')],
        pause,
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    for (const [name, least] of [
      ["plain", 0],
      ["other", 30],
    ] as const) {
      pauses = 0;
      const answer = await fetch(`http://127.0.0.1:${port}/${name}`);
      const wanted = Array.from({ length: 30 }, (_, at) => `row ${at}"`);
      expect(await answer.json()).to.deep.equal(wanted);
      expect(pauses).to.equal(least);
    }
    server.closeAllConnections();
    server.close();
  });
});
