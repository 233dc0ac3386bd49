/** The entries for messengers: the same surface, each with an engine that suits its runtime. */
import { expect } from "chai";
import { browserEngine } from "../../src/dm3/crypto/browserEngine.js";
import { deriveProfileKeys } from "../../src/dm3/keys/keys.js";
import * as browser from "../../src/sdk/messages.js";
import * as node from "../../src/sdk/messagesNode.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { expectRejection } from "../expectError.js";

const profileKeys = deriveProfileKeys(new Uint8Array(32).fill(3));

describe("the SDK's entries for messengers", () => {
  it("export the same names", () => {
    expect(Object.keys(browser).sort()).to.deep.equal(Object.keys(node).sort());
  });

  it("write by one and read by the other", async () => {
    const [keys, other] = [
      await browser.openMessageKeys(profileKeys),
      await node.openMessageKeys(profileKeys),
    ];
    const { publicKey } = keys.encryptionKey;
    const profile = {
      publicEncryptionKey: Buffer.from(publicKey).toString("base64"),
      publicSigningKey: Buffer.from(keys.signingKey.publicKey).toString("base64"),
    };
    const relayNode = { ...profile, url: "https://relay.example/dm3" };
    const receiver = {
      ...{ profile },
      relayNodes: [{ status: "found", name: "relay.eth", profile: relayNode }] as const,
    };
    const given = {
      type: "NEW",
      text: "note",
      from: "a.eth",
      to: "a.eth",
      timestampMs: 1,
    } as const;
    const { envelopes } = await browser.encodeMessage(given, { keys, receiver });
    const { content } = await node.decodeMessage(envelopes[0]!.envelope, {
      ...{ keys: other, ownNames: ["a.eth"], contactOf: () => ({ profile }) },
    });
    expect(content).to.deep.equal({ type: "NEW", text: "note" });
  });

  it("open the same keys by the storage key, which the key pairs are derived from", async () => {
    for (const { openMessageKeys } of [browser, node]) {
      const { encryptionKey, signingKey } = await openMessageKeys(new Uint8Array(32).fill(3));
      expect(encryptionKey.publicKey).to.deep.equal(profileKeys.encryptionKeyPair.publicKey);
      expect(signingKey.publicKey).to.deep.equal(profileKeys.signingKeyPair.publicKey);
    }
  });

  it("compute by node:crypto under Node, and by WebCrypto elsewhere", async () => {
    const sync = (await node.openMessageKeys(profileKeys)).signingKey.sign(new Uint8Array(1));
    expect(sync).to.be.instanceOf(Uint8Array);
    const async = (await browser.openMessageKeys(profileKeys)).signingKey.sign(new Uint8Array(1));
    expect(async).to.be.instanceOf(Promise);
  });

  it("take keys of the right length alone", async () => {
    const short = { ...profileKeys.encryptionKeyPair, privateKey: new Uint8Array(31) };
    const opening = node.openMessageKeys({ ...profileKeys, encryptionKeyPair: short });
    await expectRejection(opening, "INVALID_REQUEST", /32 bytes/);
    await expectRejection(
      node.openMessageKeys(new Uint8Array(31)),
      "INVALID_REQUEST",
      /storage key/,
    );
  });
});

describe("the engine of a browser", () => {
  const { crypto } = globalThis;
  const withSubtle = (subtle?: object) =>
    ({ getRandomValues: crypto.getRandomValues.bind(crypto), subtle }) as unknown as Crypto;
  const isAsync = async (web: Crypto) =>
    (await browserEngine(web)).encryptionKey(new Uint8Array(32).fill(1)) instanceof Promise &&
    (await browserEngine(web)).verify(
      new Uint8Array(32).fill(9),
      new Uint8Array(1),
      new Uint8Array(64).fill(9),
    ) instanceof Promise;

  it("is WebCrypto where it has the curves", async () => {
    expect(await isAsync(crypto)).to.equal(true);
  });

  it("is JavaScript alone on pages without https, and where WebCrypto is older", async () => {
    expect(await isAsync(withSubtle())).to.equal(false);
    const older = { importKey: () => Promise.reject(new Error("NotSupportedError")) };
    expect(await isAsync(withSubtle(older))).to.equal(false);
  });

  it("is the faster one that works", async () => {
    expect(await browserEngine(crypto, ENGINES.node)).to.equal(ENGINES.node);
  });

  it("is none without a source of chance", async () => {
    await expectRejection(browserEngine(undefined), "INVALID_CONFIGURATION", /getRandomValues/);
    await expectRejection(browserEngine({} as Crypto), "INVALID_CONFIGURATION", /getRandomValues/);
  });
});
