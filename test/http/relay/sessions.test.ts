import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { decodeBase64 } from "../../../src/dm3/base64.js";
import { signText } from "../../../src/dm3/keys/ed25519.js";
import { deriveProfileKeys, publicKeyFields } from "../../../src/dm3/keys/keys.js";
import { profileCreationMessage } from "../../../src/dm3/profile/profileSignature.js";
import { bytes } from "../../db/sampleNames.js";
import { people, personalSign } from "../../dm3/profile/sampleProfiles.js";
import { ALICE, BOB, personOf, somebody } from "../../relay/relayWorld.js";
import envelopes from "../../vectors/envelopes.json" with { type: "json" };
import { openRelayService, type RelayService } from "./openRelayService.js";

const { encryptedEnvelop } = envelopes.simple;
const INCOMING = "/delivery/messages/incoming";
const ACK = {
  acknowledgements: [
    { contactAddress: "alice.eth", messageHash: encryptedEnvelop.metadata.messageHash },
  ],
};

describe("http: who may read a mailbox at the relay node", () => {
  let node: RelayService;
  beforeEach(async () => {
    node = await openRelayService();
  });
  afterEach(() => node.stop());

  const incoming = async (token: string, name = "bob.eth") =>
    (await node.ask("GET", `${INCOMING}/${name}`, undefined, token)).status;
  const waiting = async (token: string) =>
    JSON.parse((await node.ask("GET", `${INCOMING}/bob.eth`, undefined, token)).body) as unknown[];
  const challenge = async () => JSON.parse((await node.ask("GET", "/auth/bob.eth")).body) as string;
  const answered = (text: string, key = people.bob.keys.signingKeyPair.privateKey) => ({
    challenge: text,
    signature: signText(decodeBase64(key), text),
  });

  /** A profile that bob's wallet signed, with other keys. */
  const bobSigned = (seed: number) => {
    const keys = deriveProfileKeys(bytes(32, seed));
    const profile = { ...publicKeyFields(keys), deliveryServices: ["ds.example.eth"] };
    const text = profileCreationMessage(BOB, profile);
    return {
      keys,
      signed: { profile, signature: toHex(personalSign(people.bob.walletPrivateKey, text)) },
    };
  };

  it("opens it by the sign-up's token at once, under each name, and takes nothing away by it", async () => {
    const token = await node.signUp("bob");
    for (const name of [
      "bob.eth",
      "BOB.eth",
      people.bob.address,
      people.bob.address.toLowerCase(),
    ]) {
      expect(await incoming(token, name), name).to.equal(200);
    }
    await node.rpc("dm3_submitMessage", encryptedEnvelop);
    const path = "/delivery/messages/bob.eth/syncAcknowledgements";
    expect((await node.ask("POST", path, ACK, token)).status).to.equal(200);
    expect(await waiting(token)).to.have.length(1);
    expect((await node.ask("PUT", "/filters/bob.eth", {}, token)).status).to.equal(401);
  });

  it("ends a stranger's token of a sign-up when the owner has signed in", async () => {
    const strangers = await node.signUp("bob");
    const owners = await node.signIn("bob");
    expect(await incoming(strangers)).to.equal(401);
    expect(await incoming(await node.signUp("bob"))).to.equal(401);
    expect(await incoming(owners)).to.equal(200);
    await node.rpc("dm3_submitMessage", encryptedEnvelop);
    const path = "/delivery/messages/bob.eth/syncAcknowledgements/";
    expect((await node.ask("POST", path, ACK, owners)).status).to.equal(200);
    expect(await waiting(owners)).to.deep.equal([]);
  });

  it("names itself in what it has signed", async () => {
    await node.signUp("bob");
    const [, payload = ""] = (await challenge()).split(".");
    const { aud } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { aud: unknown };
    expect(aud).to.deep.equal(["ds.example.eth"]);
  });

  it("takes each challenge once, for its account, by its key, and in its time", async () => {
    await node.signUp("bob");
    await node.signUp("alice");
    const text = await challenge();
    const sent = (body: object, name = "bob.eth") => node.ask("POST", `/auth/${name}`, body);
    const wrongKey = answered(text, people.mallory.keys.signingKeyPair.privateKey);
    expect((await sent(wrongKey)).body).to.equal('{"error":"Signature invalid"}');
    const ofAlice = answered(text, people.alice.keys.signingKeyPair.privateKey);
    expect((await sent(ofAlice, "alice.eth")).body).to.equal('{"error":"invalid token"}');
    const [first, second] = [await sent(answered(text)), await sent(answered(text))];
    expect(first.status).to.equal(200);
    expect([second.status, second.body]).to.deep.equal([400, '{"error":"invalid token"}']);
    const late = await challenge();
    node.clock.nowMs += 15 * 60_000 + 1_000;
    expect((await sent(answered(late))).body).to.equal('{"error":"invalid token"}');
    for (const forged of [`${late}x`, "a.b.c", JSON.parse(first.body) as string, ""]) {
      expect((await sent(answered(forged))).body).to.equal('{"error":"invalid token"}');
    }
    expect(node.failures).to.deep.equal([]);
  });

  it("takes a token for an hour, and none for a challenge", async () => {
    const token = await node.signIn("bob");
    const challengeText = await challenge();
    expect(await incoming(challengeText)).to.equal(401);
    node.clock.nowMs += 3_599_000;
    expect(await incoming(token)).to.equal(200);
    node.clock.nowMs += 2_000;
    expect(await incoming(token)).to.equal(401);
    expect(await incoming("x".repeat(3_000))).to.equal(401);
    const [head = "", claims = "", signature = ""] = token.split(".");
    expect(await incoming(`${head}.${claims}.${signature.slice(0, -2)}AA`)).to.equal(401);
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    expect(await incoming(`${none}.${claims}.`)).to.equal(401);
  });

  it("ends tokens with a key that changed, within a minute", async () => {
    const token = await node.signIn("bob");
    const moved = await somebody("bob.eth", 0x41);
    node.names.persons.set("bob.eth", { ...personOf(moved), address: BOB });
    node.clock.nowMs += 61_000;
    expect(await incoming(token)).to.equal(401);
    // the new key signs in at once, also while the old one is still remembered
    const text = await challenge();
    const { keys } = { keys: deriveProfileKeys(bytes(32, 0x41)) };
    const signature = signText(keys.signingKeyPair.privateKey, text);
    const answer = await node.ask("POST", "/auth/bob.eth", { challenge: text, signature });
    expect(await incoming(JSON.parse(answer.body) as string)).to.equal(200);
  });

  it("keeps a sold name's mailbox from its former owner", async () => {
    const token = await node.signIn("bob");
    await node.signIn("alice");
    node.names.persons.set("bob.eth", { ...node.names.persons.get("alice.eth")!, address: ALICE });
    node.clock.nowMs += 61_000;
    expect(await incoming(token)).to.equal(401);
    expect(await incoming(token, people.bob.address)).to.equal(200);
  });

  it("takes back no profile that ENS does not show any more", async () => {
    await node.signIn("bob");
    const { signed } = bobSigned(0x42);
    const older = await node.ask("POST", "/profile/bob.eth", signed);
    expect(older.status).to.equal(400);
    expect(older.body).to.include("ENS shows another key for bob.eth");
    // a name of somebody else that leads to bob's address, and shows what bob signed long ago
    const { profile } = signed;
    node.names.persons.set("evil.eth", { address: BOB, profile, sentence: "Found." });
    const through = await node.ask("POST", "/profile/evil.eth", signed);
    expect(through.status).to.equal(400);
    const text = JSON.parse((await node.ask("GET", "/auth/evil.eth")).body) as string;
    const signature = signText(bobSigned(0x42).keys.signingKeyPair.privateKey, text);
    const login = await node.ask("POST", "/auth/evil.eth", { challenge: text, signature });
    expect(login.body).to.equal('{"error":"Signature invalid"}');
  });

  it("keeps a proven account's profile when its own name leads elsewhere", async () => {
    await node.signIn("bob");
    const { signed } = bobSigned(0x44);
    const { profile } = signed;
    node.names.persons.delete("bob.eth");
    node.names.persons.set("evil.eth", { address: BOB, profile, sentence: "Found." });
    node.clock.nowMs += 61_000;
    const through = await node.ask("POST", "/profile/evil.eth", signed);
    expect(through.status).to.equal(400);
    expect(through.body).to.include("the account's key is another one");
    // under a name that shows the key which was proven, the account goes on
    const own = { address: BOB, profile: people.bob.profile, sentence: "Found." };
    node.names.persons.set("bob2.eth", own);
    const { signedUserProfile } = people.bob;
    expect((await node.ask("POST", "/profile/bob2.eth", signedUserProfile)).status).to.equal(200);
  });

  it("lets the owner take the account over from whoever signed up before, with an old profile", async () => {
    const { signed } = bobSigned(0x43);
    const { profile } = signed;
    node.names.persons.set("evil.eth", { address: BOB, profile, sentence: "Found." });
    expect((await node.ask("POST", "/profile/evil.eth", signed)).status).to.equal(200);
    expect(await incoming(await node.signIn("bob"))).to.equal(200);
    expect((await node.ask("POST", "/profile/evil.eth", signed)).status).to.equal(400);
  });

  it("tells what it could not find out from what is not so", async () => {
    const token = await node.signIn("bob");
    node.clock.nowMs += 61_000;
    node.names.answers = false;
    expect(await incoming(token)).to.equal(503);
    expect((await node.ask("GET", "/profile/bob.eth")).status).to.equal(503);
    expect((await node.rpc("dm3_submitMessage", encryptedEnvelop)).status).to.equal(503);
    const properties = await node.rpc("dm3_getDeliveryServiceProperties");
    expect(properties.status).to.equal(200);
    expect(properties.headers.get("access-control-allow-origin")).to.equal("*");
    node.names.answers = true;
    expect(await incoming(token)).to.equal(200);
  });

  it("sets and shows filters, tells senders of them, and refuses by them", async () => {
    const token = await node.signIn("bob");
    const filters = { blockedSenders: ["mallory.eth"], minBalance: "5" };
    const put = await node.ask("PUT", "/filters/bob.eth", filters, token);
    expect(JSON.parse(put.body)).to.deep.equal(filters);
    const shown = await node.ask("GET", "/filters/bob.eth", undefined, token);
    expect(JSON.parse(shown.body)).to.deep.equal(filters);
    const extension = await node.rpc("dm3_getProfileExtension", "bob.eth");
    expect(extension.body).to.include('\\"minBalance\\":\\"5\\"').and.not.include("mallory");
    const refused = await node.rpc("dm3_submitMessage", encryptedEnvelop);
    expect(refused.body).to.include('"code":-32050,"message":"Spam","data":{"code":"UNWANTED"');
    node.wallet.balance = 5n;
    node.clock.nowMs += 5 * 60_000;
    expect((await node.rpc("dm3_submitMessage", encryptedEnvelop)).status).to.equal(200);
    const wrong = await node.ask("PUT", "/filters/bob.eth", { minBalance: 5 }, token);
    expect(wrong.status).to.equal(400);
    expect((await node.ask("PUT", "/filters/bob.eth", filters)).status).to.equal(401);
  });

  it("answers the preflights of a browser, and goes on behind a cursor", async () => {
    const preflight = await fetch(`${node.url}/delivery/messages/incoming/bob.eth`, {
      method: "OPTIONS",
      headers: {
        origin: "https://app.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "authorization,content-type",
      },
    });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get("access-control-allow-headers")).to.match(/authorization/);
    const token = await node.signIn("bob");
    await node.rpc("dm3_submitMessage", encryptedEnvelop);
    const first = await node.ask("GET", `${INCOMING}/bob.eth?after=`, undefined, token);
    expect(JSON.parse(first.body)).to.have.length(1);
    const after = encodeURIComponent(first.headers.get("signpost-cursor") ?? "");
    const behind = await node.ask("GET", `${INCOMING}/bob.eth?after=${after}`, undefined, token);
    expect(behind.body).to.equal("[]");
    for (const wrong of ["x", "MTow%00", "MTo5OTk5OTk5OTk5OTk5OTk5OTk5"]) {
      const path = `${INCOMING}/bob.eth?after=${wrong}`;
      expect((await node.ask("GET", path, undefined, token)).status, wrong).to.equal(400);
    }
  });
});
