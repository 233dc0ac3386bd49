import { expect } from "chai";
import { encryptText } from "../../../src/dm3/message/encryption.js";
import {
  assertPostmarkOf,
  assertPostmarkSigned,
  makePostmark,
  openPostmark,
} from "../../../src/dm3/message/postmark.js";
import { dm3Hash, sha256Hex, stringify } from "../../../src/dm3/stringify.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { expectError, expectRejection } from "../../expectError.js";
import vectors from "../../vectors/envelopes.json" with { type: "json" };
import { ENGINES } from "../crypto/engines.js";
import { people } from "../profile/sampleProfiles.js";
import { fallbackNode, keysOf, relayNode, relayNodeKeys } from "./sampleEnvelopes.js";

const { message } = vectors.simple.encryptedEnvelop;
const { encrypted, decrypted, signedString } = vectors.postmark;
const bobsKey = people.bob.profile.publicEncryptionKey;

for (const [name, engine] of Object.entries(ENGINES)) {
  describe(`a postmark, by the engine ${name}`, () => {
    it("of the reference is opened and verified", async () => {
      const opened = await openPostmark(await keysOf(engine, "bob"), encrypted);
      expect(opened).to.deep.equal({
        incomingTimestampMs: decrypted.incommingTimestamp,
        messageHash: decrypted.messageHash,
        signature: decrypted.signature,
        signedText: signedString,
      });
      assertPostmarkOf(message, opened);
      await assertPostmarkSigned(engine, relayNode.profile, opened);
    });

    it("of ours is opened and verified, and has both spellings of its time", async () => {
      const keys = await relayNodeKeys(engine);
      const information = { to: "bob.eth", from: "alice.eth" };
      const made = await makePostmark(
        keys,
        bobsKey,
        message,
        { incomingTimestampMs: 7 },
        information,
      );
      const opened = await openPostmark(await keysOf(engine, "bob"), made);
      expect(opened.incomingTimestampMs).to.equal(7);
      assertPostmarkOf(message, opened);
      await assertPostmarkSigned(engine, relayNode.profile, opened);
    });

    it("is unreadable for everybody else", async () => {
      const opening = openPostmark(await keysOf(engine, "mallory"), encrypted);
      const error = await expectRejection(opening, "WRONG_POSTMARK", /another key/);
      expect(error.details).to.deep.equal({ reason: "unreadable" });
    });
  });
}

describe("a postmark", () => {
  const open = async (json: unknown) =>
    openPostmark(
      await keysOf(nodeEngine, "bob"),
      await encryptText(nodeEngine, bobsKey, JSON.stringify(json)),
    );

  it("is about this message, by dm3's hash or one of the specification's", async () => {
    for (const messageHash of [
      decrypted.messageHash,
      decrypted.messageHash.toUpperCase().replace("0X", "0x"),
      sha256Hex(message),
      sha256Hex(stringify(message)),
    ]) {
      assertPostmarkOf(message, await open({ ...decrypted, messageHash }));
    }
    const other = await open(decrypted);
    const error = expectError(
      () => {
        assertPostmarkOf(vectors.withAttachments.encryptedEnvelop.message, other);
      },
      "WRONG_POSTMARK",
      /another message/,
    );
    expect(error.details).to.deep.equal({ reason: "other-message" });
  });

  it("is signed over each of its fields, by this relay node", async () => {
    for (const change of [
      { incommingTimestamp: decrypted.incommingTimestamp + 1 },
      { messageHash: sha256Hex(message) },
      { deliveryInformation: { to: "bob.eth", from: "mallory.eth" } },
      { signature: vectors.simple.encryptedEnvelop.metadata.signature },
      { signature: "" },
    ]) {
      const flipped = await open({ ...decrypted, ...change });
      const check = assertPostmarkSigned(nodeEngine, relayNode.profile, flipped);
      const error = await expectRejection(check, "WRONG_POSTMARK", /not signed/);
      expect(error.details).to.deep.equal({ reason: "signature" });
    }
    const genuine = await open(decrypted);
    await assertPostmarkSigned(nodeEngine, relayNode.profile, genuine);
    const others = assertPostmarkSigned(nodeEngine, fallbackNode.profile, genuine);
    await expectRejection(others, "WRONG_POSTMARK", /not signed/);
  });

  it("may spell its time as the specification does", async () => {
    const { incommingTimestamp: incomingTimestamp, messageHash } = decrypted;
    const unsigned = { incomingTimestamp, messageHash };
    const opened = await open({ ...unsigned, signature: decrypted.signature });
    expect(opened.incomingTimestampMs).to.equal(incomingTimestamp);
    expect(opened.signedText).to.equal(dm3Hash(unsigned));
  });

  for (const [what, json] of [
    ["no object", null],
    ["a list", []],
    ["no time", { ...decrypted, incommingTimestamp: undefined }],
    ["a time that is a text", { ...decrypted, incommingTimestamp: "1" }],
    ["no hash", { ...decrypted, messageHash: undefined }],
    ["no signature", { ...decrypted, signature: 7 }],
    ["more than it can hold", { ...decrypted, more: "x".repeat(65_536) }],
  ] as const) {
    it(`is malformed with ${what}`, async () => {
      const error = await expectRejection(open(json), "WRONG_POSTMARK", /is not one/);
      expect(error.details).to.deep.equal({ reason: "malformed" });
    });
  }

  it("is malformed when it is not encrypted", async () => {
    const keys = await keysOf(nodeEngine, "bob");
    const opening = openPostmark(keys, JSON.stringify(decrypted));
    await expectRejection(opening, "WRONG_POSTMARK", /is not one/);
  });
});
