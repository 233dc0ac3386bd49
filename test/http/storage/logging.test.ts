/** What the log has of requests to the storage: neither whose account it is, nor with whom somebody writes. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { people } from "../../dm3/profile/sampleProfiles.js";
import {
  message,
  openStorageService,
  type StorageService,
  type StorageUser,
} from "./openStorageService.js";

const CONTACT = "c2VhbGVkIGNvbnRhY3Q";
const ALIAS = "c2VhbGVkIGFsaWFz";
const BASE = "/backend/storage/new/:name";

describe("http: what the log has of the storage's requests", () => {
  let storage: StorageService;
  let alice: StorageUser;
  beforeEach(async () => {
    storage = await openStorageService();
    alice = await storage.signIn("alice");
    await notedSoFar(3);
    storage.noted.length = 0;
  });
  afterEach(() => storage.stop());

  /** A request is noted when its connection has had the answer, which may be after the client has it. */
  async function notedSoFar(count: number): Promise<readonly string[]> {
    while (storage.noted.length < count) await delay(5);
    expect(storage.noted).to.have.length(count);
    const all = JSON.stringify(storage.noted).toLowerCase();
    for (const secret of [CONTACT, ALIAS, "alice.eth", people.alice.address]) {
      expect(all).not.to.include(secret.toLowerCase());
    }
    return storage.noted.map(({ method, path, status }) => `${method} ${path} ${status}`);
  }

  it("is the patterns of routes", async () => {
    await alice.post("/addMessage", { encryptedContactName: CONTACT, ...message("1") });
    await alice.get(`/getMessages/${CONTACT}/?pageSize=5&before=`);
    await alice.get(`/getNumberOfMessages/${CONTACT}`);
    await storage.ask("GET", `/storage/new/${people.alice.address}/getConversations`);
    await storage.ask("GET", "/auth/alice.eth");
    expect(await notedSoFar(5)).to.have.members([
      `POST ${BASE}/addMessage 200`,
      `GET ${BASE}/getMessages/:contact 200`,
      `GET ${BASE}/getNumberOfMessages/:contact 200`,
      `GET ${BASE}/getConversations 401`,
      "GET /backend/auth/:name 200",
    ]);
  });

  it("is nothing of a path where no route is, or which cannot be read", async () => {
    expect((await alice.get(`/getMessage/${CONTACT}`)).status).to.equal(404);
    expect((await alice.get(`/getMessages/${CONTACT}/of/${ALIAS}`)).status).to.equal(404);
    expect((await alice.get(`/getMessages/${CONTACT}%ff`)).status).to.equal(400);
    // a browser asks whether it may, before express comes to any route
    const path = `${storage.service.url}/BACKEND/storage/new/alice.eth/getMessages/${CONTACT}`;
    await fetch(path, { method: "OPTIONS", headers: { origin: "https://app.example" } });
    expect(await notedSoFar(4)).to.have.members([
      ...["GET /backend/... 404", "GET /backend/... 404", "GET /backend/... 400"],
      "OPTIONS /backend/... 204",
    ]);
  });
});
