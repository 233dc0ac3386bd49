/** A database that stops under the storage: 503 everywhere, and never an empty list. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../../src/embedded-postgres/embeddedPostgres.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import {
  message,
  openStorageService,
  type StorageService,
  type StorageUser,
} from "./openStorageService.js";

describe("http: an outage of the storage's database", function () {
  this.timeout(180_000);
  let folder: string;
  let postgres: EmbeddedPostgres;
  let storage: StorageService;
  let alice: StorageUser;

  before(async () => {
    folder = await temporaryFolder();
    postgres = await startEmbeddedPostgres({ dir: join(folder, "postgres") });
    storage = await openStorageService({}, postgres.url);
    alice = await storage.signIn("alice");
    await alice.post("/addMessage", { encryptedContactName: "bob", ...message("1") });
  });
  after(async () => {
    await storage.stop();
    await postgres.stop();
    await removeFolder(folder);
  });

  it("is told with 503 by every route, and by readiness", async () => {
    await postgres.stop();
    storage.failures.length = 0;
    const gets = ["getConversations", "getNumberOfConversations", "getMessages/bob", "changes"];
    gets.push("getNumberOfMessages/bob", "getHaltedMessages", "export", "usage");
    for (const path of gets) {
      const { status, body } = await alice.get(`/${path}`);
      expect(status, path).to.equal(503);
      expect(JSON.parse(body)).to.include({ code: "DATABASE_UNAVAILABLE" });
    }
    const batch = { encryptedContactName: "bob", messageBatch: [message("2")] };
    expect((await alice.post("/addMessageBatch", batch)).status).to.equal(503);
    expect((await storage.ask("GET", "/profile/alice.eth")).status).to.equal(503);
    // what was found out is told for a second
    await delay(1_000);
    expect((await fetch(`${storage.service.url}/health/ready`)).status).to.equal(503);
    const codes = new Set(storage.failures.map(({ code }) => code));
    expect([...codes]).to.deep.equal(["DATABASE_UNAVAILABLE"]);
  });

  it("ends by itself when the database is back", async () => {
    postgres = await startEmbeddedPostgres({ dir: join(folder, "postgres") });
    expect(await alice.read("/getNumberOfMessages/bob")).to.equal(1);
  });
});
