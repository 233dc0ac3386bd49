import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { sha256OfText } from "../../../src/abi/sha256.js";
import { deriveProfileKeys, publicKeyFields } from "../../../src/dm3/keys/keys.js";
import { bytes } from "../../db/sampleNames.js";
import { people, signedByAlice } from "../../dm3/profile/sampleProfiles.js";
import { openRelayService } from "../relay/openRelayService.js";
import {
  answered,
  message,
  openStorageService,
  rowsIn,
  type StorageService,
  userWith,
} from "./openStorageService.js";

const GETS = [
  ...["/getConversations", "/getNumberOfConversations", "/getMessages/bob"],
  ...["/getNumberOfMessages/bob", "/getHaltedMessages", "/changes", "/export", "/usage"],
];
const WRITES: readonly (readonly [string, string, unknown])[] = [
  ["POST", "/addConversation", { encryptedContactName: "bob" }],
  ["POST", "/addMessage", { encryptedContactName: "bob", ...message("1") }],
  ["POST", "/addMessageBatch", { encryptedContactName: "bob", messageBatch: [message("1")] }],
  ["POST", "/editMessageBatch", { encryptedContactName: "bob", editMessageBatchPayload: [] }],
  ["POST", "/toggleHideConversation", { encryptedContactName: "bob", hide: true }],
  ["POST", "/clearHaltedMessage", { messageId: "1", aliasName: "x" }],
  ["POST", "/import", ""],
  ["PUT", "/retention", { days: 1 }],
  ["DELETE", `/messages/0x${"1".repeat(64)}`, undefined],
  ["DELETE", "/messages?messageId=1", undefined],
  ["DELETE", "/conversations/bob", undefined],
  ["DELETE", "", undefined],
];

describe("http: who may read and write in the storage", () => {
  let storage: StorageService;
  beforeEach(async () => {
    storage = await openStorageService();
  });
  afterEach(() => storage.stop());

  const statuses = async (name: string, token: string | null) => {
    const base = `/storage/new/${name}`;
    const reads = await Promise.all(
      GETS.map(async (path) => (await storage.ask("GET", base + path, undefined, token)).status),
    );
    const writes = [];
    for (const [method, path, body] of WRITES) {
      writes.push((await storage.ask(method, base + path, body, token)).status);
    }
    return { reads: new Set(reads), writes: new Set(writes) };
  };
  const only = (status: number) => ({ reads: new Set([status]), writes: new Set([status]) });

  it("lets nobody in without a token, with one of somebody else, or of another service", async () => {
    const [alice, bob] = [await storage.signIn("alice"), await storage.signIn("bob")];
    await alice.post("/addMessage", { encryptedContactName: "bob", ...message("1") });
    expect(await statuses("alice.eth", null)).to.deep.equal(only(401));
    expect(await statuses("alice.eth", "no.token.this")).to.deep.equal(only(401));
    expect(await statuses("alice.eth", bob.token)).to.deep.equal(only(401));
    const relay = await openRelayService();
    try {
      const ofRelay = await relay.signIn("alice");
      expect(await statuses("alice.eth", ofRelay)).to.deep.equal(only(401));
    } finally {
      await relay.stop();
    }
    expect(await alice.read("/getNumberOfMessages/bob")).to.equal(1);
  });

  it("takes any name of the account's address, and another one's no more than a stranger's", async () => {
    const alice = await storage.signIn("alice");
    await alice.post("/addMessage", { encryptedContactName: "bob", ...message("1") });
    for (const name of ["ALICE.eth", people.alice.address, people.alice.address.toLowerCase()]) {
      const path = `/storage/new/${name}/getMessages/bob`;
      const { status, body } = await storage.ask("GET", path, undefined, alice.token);
      expect(status, name).to.equal(200);
      expect(rowsIn(body)).to.have.length(1);
    }
    // whatever it is called, a message that is known is known
    const body = { encryptedContactName: "bob", ...message("1") };
    const path = `/storage/new/${people.alice.address}/addMessage`;
    const again = await storage.ask("POST", path, body, alice.token);
    expect(JSON.parse(again.body)).to.deep.include({ added: 0, known: ["1"] });
    // a fresh token would not help: dm3's client signs in again at each 401, without end
    const nobodys = "/storage/new/nobody.eth/getConversations";
    const answer = await storage.ask("GET", nobodys, undefined, alice.token);
    expect(answer.status).to.equal(404);
    expect(JSON.parse(answer.body)).to.include({ code: "NO_ACCOUNT" });
  });

  it("lets a sign-up alone read, where nothing is yet, and write nothing", async () => {
    const token = await storage.signUp("alice");
    expect(await statuses("alice.eth", token)).to.deep.equal({
      ...{ reads: new Set([200]), writes: new Set([401]) },
    });
    const owner = userWith(storage.ask, "alice", await answered(storage.ask, "alice"));
    const body = { encryptedContactName: "bob", ...message("1") };
    expect((await owner.post("/addMessage", body)).status).to.equal(200);
    // and from then on it does not even read
    expect(await statuses("alice.eth", token)).to.deep.equal(only(401));
    expect(await statuses("alice.eth", await storage.signUp("alice"))).to.deep.equal(only(401));
  });

  it("opens nothing by a sign-up with a key that is published and not proven yet", async () => {
    const alice = await storage.signIn("alice");
    await alice.post("/addMessage", { encryptedContactName: "bob", ...message("1") });
    const keys = publicKeyFields(deriveProfileKeys(bytes(32, 0x51)));
    const signed = signedByAlice({ ...people.alice.profile, ...keys });
    const person = storage.names.persons.get("alice.eth")!;
    storage.names.persons.set("alice.eth", { ...person, profile: signed.profile });
    storage.clock.nowMs += 61_000;
    const answer = await storage.ask("POST", "/profile/alice.eth", signed);
    expect(answer.status).to.equal(200);
    const token = JSON.parse(answer.body) as string;
    expect(await statuses("alice.eth", token)).to.deep.equal(only(401));
  });

  it("ends a token with the key or the address that it is of", async () => {
    const alice = await storage.signIn("alice");
    expect((await alice.get("/usage")).status).to.equal(200);
    const person = storage.names.persons.get("alice.eth")!;
    const { profile } = people.bob;
    storage.names.persons.set("alice.eth", { ...person, profile });
    storage.clock.nowMs += 61_000;
    expect((await alice.get("/usage")).status).to.equal(401);
    storage.names.persons.set("alice.eth", storage.names.persons.get("bob.eth")!);
    storage.clock.nowMs += 61_000;
    expect((await alice.get("/usage")).status).to.equal(404);
  });

  it("keeps one user's ids and contacts apart from another's, whatever they are", async () => {
    const [alice, bob] = [await storage.signIn("alice"), await storage.signIn("bob")];
    const body = { encryptedContactName: "same", ...message("1", 1_000, { isHalted: true }) };
    await alice.post("/addMessage", body);
    const idOfAlices = toHex(sha256OfText("alice.eth1"));

    // the same contact and the same message id are another row
    expect(await bob.read("/getNumberOfMessages/same")).to.equal(0);
    expect(JSON.parse((await bob.post("/addMessage", body)).body)).to.include({ added: 1 });
    const change = {
      encryptedContactName: "same",
      editMessageBatchPayload: [message("1", 0, { encryptedEnvelopContainer: "bob's" })],
    };
    await bob.post("/editMessageBatch", change);
    // and an id that was seen somewhere opens nothing
    const cleared = await bob.post("/clearHaltedMessage", {
      messageId: idOfAlices,
      aliasName: "bobs",
    });
    expect(cleared.status).to.equal(400);
    const line = {
      ...{ kind: "message", id: idOfAlices, contact: "same", version: Date.now() + 3_600_000 },
      ...{ container: "taken over", isHalted: false, createdAt: 1 },
    };
    expect((await bob.post("/import", JSON.stringify(line))).status).to.equal(200);
    await bob.post("/toggleHideConversation", { encryptedContactName: "same", hide: true });

    const [row, ...others] = rowsIn((await alice.get("/getMessages/same")).body);
    expect(others).to.deep.equal([]);
    expect(row).to.include({ id: idOfAlices, encryptedEnvelopContainer: "container 1" });
    expect(row).to.include({ isHalted: true });
    expect(await alice.read("/getHaltedMessages")).to.have.length(1);
    expect(await alice.read("/getConversations")).to.have.length(1);
  });

  it("counts an account's rows by the account: a name that moves takes none along", async () => {
    const alice = await storage.signIn("alice");
    await alice.post("/addMessage", { encryptedContactName: "bob", ...message("1") });
    storage.names.persons.set("alice.eth", storage.names.persons.get("bob.eth")!);
    storage.clock.nowMs += 61_000;
    const { signedUserProfile } = people.bob;
    await storage.ask("POST", "/profile/alice.eth", signedUserProfile);
    const token = await storage.signIn("bob");
    const path = "/storage/new/alice.eth/getConversations";
    const found = await storage.ask("GET", path, undefined, token.token);
    expect(found).to.include({ status: 200, body: "[]" });
  });
});
