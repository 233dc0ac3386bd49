import { expect } from "chai";
import fc from "fast-check";
import type { CryptoEngine } from "../../../src/dm3/crypto/cryptoEngine.js";
import {
  decodeMessage,
  type DecodeOptions,
  MESSAGE_CHECKS,
} from "../../../src/dm3/message/decodeMessage.js";
import { encryptText } from "../../../src/dm3/message/encryption.js";
import { KEPT_DELIVERY_INFORMATION } from "../../../src/dm3/message/fetchedEnvelope.js";
import { ciphertextHash, withHashField } from "../../../src/dm3/message/metadataSignature.js";
import { makePostmark } from "../../../src/dm3/message/postmark.js";
import { stringify } from "../../../src/dm3/stringify.js";
import { type ErrorCode, SignpostError } from "../../../src/errors.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { expectRejection } from "../../expectError.js";
import vectors from "../../vectors/envelopes.json" with { type: "json" };
import messages from "../../vectors/messages.json" with { type: "json" };
import { ENGINES } from "../crypto/engines.js";
import { people } from "../profile/sampleProfiles.js";
import {
  bobReads,
  changed,
  contactOf,
  fallbackNode,
  keysOf,
  relayNodeKeys,
} from "./sampleEnvelopes.js";

const { storedOnDeliveryService: stored, simple } = vectors;
const { messageHash } = simple.encryptedEnvelop.metadata as { messageHash: `0x${string}` };

/** As ours serve it: decrypted for the client, and the encrypted one kept for the sender's signature. */
const served = {
  ...stored,
  metadata: {
    ...stored.metadata,
    [KEPT_DELIVERY_INFORMATION]: simple.encryptedEnvelop.metadata.deliveryInformation,
    encryptedMessageHash: messageHash,
  },
};

/** The stored envelope with this inside, encrypted for Bob as anybody can. */
async function withPlaintext(engine: CryptoEngine, text: string) {
  const { publicEncryptionKey } = people.bob.profile;
  const message = await encryptText(engine, publicEncryptionKey, text);
  return changed(
    { ...stored, message, postmark: undefined },
    ["metadata", "messageHash"],
    undefined,
  );
}

for (const [name, engine] of Object.entries(ENGINES)) {
  describe(`decodeMessage, by the engine ${name}`, () => {
    let bob: DecodeOptions;

    before(async () => {
      bob = await bobReads(engine);
    });

    const refuses = async (
      envelope: unknown,
      code: ErrorCode,
      change: Partial<DecodeOptions> = {},
    ) => expectRejection(decodeMessage(envelope, { ...bob, ...change }), code, /./);

    it("reads what the reference's relay node stored", async () => {
      expect(await decodeMessage(stored, bob)).to.deep.equal({
        from: "alice.eth",
        to: "bob.eth",
        timestampMs: 1729000000000,
        content: { type: "NEW", text: "Hello Bob" },
        messageHash,
        claimedHash: { field: "messageHash", value: messageHash },
        deliveryInformation: { from: "alice.eth", to: "bob.eth" },
        incomingTimestampMs: 1729000004000,
        checks: Object.keys(MESSAGE_CHECKS).filter((check) => check !== "metadataSignature"),
      });
    });

    it("makes every check of what our relay node serves", async () => {
      const { checks } = await decodeMessage(JSON.stringify(served), bob);
      expect(checks).to.deep.equal(Object.keys(MESSAGE_CHECKS));
    });

    it("says which checks had nothing to look at", async () => {
      const { keys, ownNames } = bob;
      const { checks } = await decodeMessage(stored, { keys, ownNames, contactOf });
      expect(checks).to.include("postmarkHash");
      expect(checks).not.to.include("postmarkSignature");
      const submitted = await decodeMessage(simple.encryptedEnvelop, bob);
      expect(submitted).to.include({ deliveryInformation: null, incomingTimestampMs: null });
      expect(submitted.checks).to.deep.equal([
        ...["hash", "receiver", "messageSignature", "metadataSignature"],
      ]);
    });

    it("ignores what a relay node adds for itself, outside of what is signed", async () => {
      const more = changed(stored, ["metadata", "deliveryInformation", "id"], 7);
      const { deliveryInformation } = await decodeMessage({ ...more, id: "x" }, bob);
      expect(deliveryInformation).to.deep.equal({ from: "alice.eth", to: "bob.eth" });
    });

    it("reads the hash under either name, under both, and none", async () => {
      const { signingKey } = await keysOf(engine, "alice");
      const { message, metadata } = simple.encryptedEnvelop;
      const envelope = { message, metadata };
      const npm = await withHashField(signingKey, envelope, messageHash, "encryptedMessageHash");
      const decoded = await decodeMessage(npm, bob);
      const value = ciphertextHash(message);
      expect(decoded).to.deep.include({ messageHash });
      expect(decoded.claimedHash).to.deep.equal({ field: "encryptedMessageHash", value });
      expect(decoded.checks).to.include.members(["hash", "metadataSignature"]);
      // ours serve npm's under both names
      const both = await decodeMessage(changed(npm, ["metadata", "messageHash"], value), bob);
      expect(both.checks).to.include.members(["hash", "metadataSignature"]);
      const none = await decodeMessage(
        changed(stored, ["metadata", "messageHash"], undefined),
        bob,
      );
      expect(none.claimedHash).to.equal(null);
      expect(none.checks).not.to.include("hash");
    });

    for (const [what, path, value, code] of [
      ["version", ["metadata", "version"], 1, "ENVELOPE_MALFORMED"],
      ["encryptionScheme", ["metadata", "encryptionScheme"], "rot13", "UNKNOWN_ENCRYPTION"],
      ["message", ["message"], "{}", "ENVELOPE_MALFORMED"],
      ["message", ["message"], vectors.withAttachments.encryptedEnvelop.message, "WRONG_HASH"],
      ["messageHash", ["metadata", "messageHash"], `0x${"00".repeat(32)}`, "ENVELOPE_MALFORMED"],
      [
        "signature",
        ["metadata", "signature"],
        messages.valid[0]!.message.signature,
        "WRONG_METADATA_SIGNATURE",
      ],
      ["version, which is signed", ["metadata", "version"], "v2", "WRONG_METADATA_SIGNATURE"],
      [
        "kept delivery information",
        ["metadata", KEPT_DELIVERY_INFORMATION],
        "{}",
        "WRONG_METADATA_SIGNATURE",
      ],
      ["a further field", ["metadata", "more"], 1, "WRONG_METADATA_SIGNATURE"],
      [
        "deliveryInformation.from",
        ["metadata", "deliveryInformation", "from"],
        "mallory.eth",
        "SENDER_MISMATCH",
      ],
      [
        "deliveryInformation.from, of nobody",
        ["metadata", "deliveryInformation", "from"],
        "nobody.eth",
        "SENDER_MISMATCH",
      ],
      [
        "deliveryInformation",
        ["metadata", "deliveryInformation"],
        undefined,
        "DELIVERY_INFORMATION_MALFORMED",
      ],
      ["postmark", ["postmark"], simple.encryptedEnvelop.message, "WRONG_POSTMARK"],
      ["postmark", ["postmark"], "{}", "WRONG_POSTMARK"],
      ["postmark", ["postmark"], 7, "ENVELOPE_MALFORMED"],
    ] as const) {
      it(`refuses ${what} changed alone, as ${code}`, async () => {
        await refuses(changed(served, path, value), code);
      });
    }

    it("refuses a wrong hash by name, with both values", async () => {
      const claimed = `0x${"00".repeat(32)}`;
      const error = await refuses(
        changed(stored, ["metadata", "messageHash"], claimed),
        "WRONG_HASH",
      );
      expect(error.details).to.deep.equal({ field: "messageHash", claimed, actual: messageHash });
    });

    it("refuses another ciphertext under npm's hash, even of the same message", async () => {
      const { signingKey } = await keysOf(engine, "alice");
      const { message, metadata } = simple.encryptedEnvelop;
      const envelope = { message, metadata };
      const npm = await withHashField(signingKey, envelope, messageHash, "encryptedMessageHash");
      const other = { ...npm, message: vectors.sameMessageForFallbackService.message };
      await refuses(other, "WRONG_HASH");
    });

    it("refuses what is for another key, and says so", async () => {
      const keys = await keysOf(engine, "mallory");
      const error = await refuses(stored, "NOT_FOR_THIS_KEY", { keys });
      expect(error.details).to.deep.equal({ part: "message" });
    });

    for (const { name: what, message, ensName } of messages.negative) {
      if (ensName !== undefined) continue;
      it(`refuses a message that its sender did not sign: ${what}`, async () => {
        const envelope = await withPlaintext(engine, stringify(message));
        const code =
          message.metadata.to === "bob.eth" ? "WRONG_MESSAGE_SIGNATURE" : "RECEIVER_MISMATCH";
        await refuses(envelope, code);
      });
    }

    it("refuses a genuine message that somebody signed under their own key", async () => {
      const sender = (from: string) => (from === "alice.eth" ? contactOf("mallory.eth") : null);
      await refuses(stored, "WRONG_MESSAGE_SIGNATURE", { contactOf: sender });
    });

    it("refuses what the sender wrote to somebody else, passed on in a new envelope", async () => {
      const envelope = await withPlaintext(engine, stringify(simple.plainMessage));
      const mallory = { keys: bob.keys, ownNames: ["mallory.eth"] };
      const error = await refuses(envelope, "RECEIVER_MISMATCH", mallory);
      expect(error.details).to.deep.equal({ to: "bob.eth" });
      await refuses(envelope, "RECEIVER_MISMATCH", {
        ...{ ...mallory, ownAddress: people.mallory.address },
      });
    });

    it("knows the receiver by any name of the same address, and in any case", async () => {
      const ownAddress = people.bob.address.toLowerCase();
      const alias = { ...bob, ownNames: [], ownAddress };
      expect((await decodeMessage(stored, alias)).checks).to.include("receiver");
      const shouting = { ...bob, ownNames: ["BOB.eth"] };
      expect((await decodeMessage(stored, shouting)).checks).to.include("receiver");
    });

    it("knows the sender by another name of the same address", async () => {
      const delivered = changed(stored, ["metadata", "deliveryInformation", "from"], "0xa.example");
      const named = (of: string) => contactOf(of === "0xa.example" ? "alice.eth" : of);
      const { checks } = await decodeMessage(delivered, { ...bob, contactOf: named });
      expect(checks).to.include("sender");
    });

    it("tells an unknown sender from one that could not be found out", async () => {
      await refuses(stored, "UNKNOWN_SENDER", { contactOf: () => null });
      const down = new SignpostError("UNREACHABLE", "The node is down.");
      await refuses(stored, "UNREACHABLE", { contactOf: () => Promise.reject(down) });
    });

    it("refuses a postmark of another relay node, and one about another message", async () => {
      await refuses(stored, "WRONG_POSTMARK", { relayNode: fallbackNode.profile });
      const keys = await relayNodeKeys(engine);
      const { publicEncryptionKey } = people.bob.profile;
      const other = await makePostmark(keys, publicEncryptionKey, "other", {
        incomingTimestampMs: 1,
      });
      await refuses({ ...stored, postmark: other }, "WRONG_POSTMARK");
    });

    for (const text of ["", "null", "[]", '{"metadata":{}}']) {
      it(`refuses a plaintext that is no message: ${JSON.stringify(text)}`, async () => {
        await refuses(await withPlaintext(engine, text), "MESSAGE_MALFORMED");
      });
    }
  });
}

describe("decodeMessage", () => {
  const CODES: readonly ErrorCode[] = [
    ...(["ENVELOPE_MALFORMED", "UNKNOWN_ENCRYPTION", "DELIVERY_INFORMATION_MALFORMED"] as const),
    ...(["NOT_FOR_THIS_KEY", "MESSAGE_MALFORMED", "WRONG_HASH", "RECEIVER_MISMATCH"] as const),
    ...(["UNKNOWN_SENDER", "WRONG_MESSAGE_SIGNATURE", "SENDER_MISMATCH"] as const),
    ...(["WRONG_METADATA_SIGNATURE", "WRONG_POSTMARK"] as const),
  ];

  /** A typed error, or the one message that was written. */
  async function judge(envelope: unknown, bob: DecodeOptions): Promise<void> {
    try {
      const decoded = await decodeMessage(envelope, bob);
      expect(decoded.content).to.deep.equal({ type: "NEW", text: "Hello Bob" });
    } catch (error) {
      if (!(error instanceof SignpostError)) throw error;
      expect(CODES).to.include(error.code);
    }
  }

  it("never fails in another way, whatever JSON it is given", async () => {
    const bob = await bobReads(nodeEngine);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.string()), (json) => judge(json, bob)),
      { numRuns: 300 },
    );
  });

  it("never fails in another way, whatever stands in place of a field", async () => {
    const bob = await bobReads(nodeEngine);
    const path = fc.constantFrom(
      ...[["message"], ["metadata"], ["postmark"]],
      ...Object.keys(served.metadata).map((field) => ["metadata", field]),
      ...[["metadata", "deliveryInformation", "to"], ["metadata", "__proto__"], ["toJSON"]],
    );
    await fc.assert(
      fc.asyncProperty(path, fc.jsonValue(), (at, value) => judge(changed(served, at, value), bob)),
      { numRuns: 500 },
    );
  });

  it("never fails in another way, whatever was encrypted for us", async () => {
    const bob = await bobReads(nodeEngine);
    const paths = fc.constantFrom(
      ["message"],
      ["metadata"],
      ["attachments"],
      ["signature"],
      [...["metadata", "timestamp"]],
    );
    await fc.assert(
      fc.asyncProperty(paths, fc.jsonValue(), async (at, value) => {
        const text = JSON.stringify(changed(simple.plainMessage, at, value));
        await judge(await withPlaintext(nodeEngine, text), bob);
      }),
      { numRuns: 300 },
    );
  });

  it("never fails in another way when characters of the text are changed", async () => {
    const bob = await bobReads(nodeEngine);
    const text = JSON.stringify(served);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, other) =>
        judge(text.slice(0, at) + other + text.slice(at + 1), bob),
      ),
      { numRuns: 500 },
    );
  });
});
