/** What a relay node reads of an envelope: its form, its delivery information, who sent it. */
import { expect } from "chai";
import {
  openDeliveryInformation,
  parseDeliveryInformation,
  sealDeliveryInformation,
} from "../../../src/dm3/message/deliveryInformation.js";
import { encryptText } from "../../../src/dm3/message/encryption.js";
import { parseSubmittedEnvelope } from "../../../src/dm3/message/envelope.js";
import {
  assertSubmittedBy,
  ciphertextHash,
  withHashField,
} from "../../../src/dm3/message/metadataSignature.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { expectError, expectRejection } from "../../expectError.js";
import vectors from "../../vectors/envelopes.json" with { type: "json" };
import { ENGINES } from "../crypto/engines.js";
import { people } from "../profile/sampleProfiles.js";
import { changed, keysOf, relayNode, relayNodeKeys, shown } from "./sampleEnvelopes.js";

const envelope = vectors.simple.encryptedEnvelop;
const { metadata } = envelope;
const alice = people.alice.profile;

describe("a submitted envelope", () => {
  for (const json of [envelope, JSON.stringify(envelope)]) {
    it(`is read from ${typeof json === "string" ? "text" : "an object"}`, () => {
      expect(parseSubmittedEnvelope(json)).to.deep.equal({
        message: envelope.message,
        metadata,
        claimedHash: { field: "messageHash", value: metadata.messageHash },
        signedText: vectors.simple.metadataSignedString,
      });
    });
  }

  it("may have the hash under npm's name, no scheme, and a postmark that is not passed on", () => {
    const { messageHash, deliveryInformation, version, signature } = metadata;
    const npms = { deliveryInformation, version, signature, encryptedMessageHash: messageHash };
    const given = { ...envelope, postmark: "x", metadata: npms };
    const read = parseSubmittedEnvelope(given);
    expect(read.claimedHash).to.deep.equal({ field: "encryptedMessageHash", value: messageHash });
    expect(read).not.to.have.property("postmark");
  });

  for (const { name, envelop, reference } of vectors.schemaChecks) {
    if (typeof envelop !== "object") continue;
    // npm's name is in the schema of npm; an object is no delivery information that can be opened
    const ours = /other name/.test(name) ? true : /plain object/.test(name) ? false : reference;
    it(`is ${ours ? "read" : "refused"} as by the reference, or by its other version: ${name}`, () => {
      if (ours) parseSubmittedEnvelope(envelop);
      else expectError(() => parseSubmittedEnvelope(envelop), "ENVELOPE_MALFORMED", /field/);
    });
  }

  for (const [field, value] of [
    ["message", undefined],
    ["message", 7],
    ["metadata", null],
    ["metadata.version", undefined],
    ["metadata.version", "v".repeat(17)],
    ["metadata.encryptionScheme", 1],
    ["metadata.encryptionScheme", "x".repeat(65)],
    ["metadata.deliveryInformation", undefined],
    ["metadata.deliveryInformation", "x".repeat(131_073)],
    ["metadata.messageHash", undefined],
    ["metadata.messageHash", "0x12"],
    ["metadata.messageHash", `0x${"g".repeat(64)}`],
    ["metadata.signature", undefined],
    ["metadata.signature", "A".repeat(89)],
    ["metadata.more", "x"],
    ["postmark", {}],
    ["more", 1],
  ] as const) {
    it(`is malformed with ${field} = ${shown(value)}`, () => {
      const wrong = changed(envelope, field.split("."), value);
      const error = expectError(
        () => parseSubmittedEnvelope(wrong),
        "ENVELOPE_MALFORMED",
        new RegExp(field.replace(".", "\\.")),
      );
      expect(error.details).to.deep.equal({ field });
    });
  }

  for (const text of ["", "null", "[]", '"text"', "{", "7"]) {
    it(`is malformed when it is ${JSON.stringify(text)}`, () => {
      expectError(() => parseSubmittedEnvelope(text), "ENVELOPE_MALFORMED", /JSON/);
    });
  }

  it("does not repeat long names of fields in its sentence", () => {
    const wrong = { ...envelope, ["x".repeat(1000)]: 1 };
    const error = expectError(() => parseSubmittedEnvelope(wrong), "ENVELOPE_MALFORMED", /x{40}/);
    expect(error.message.length).to.be.below(120);
  });
});

for (const [name, engine] of Object.entries(ENGINES)) {
  describe(`delivery information and sender, by the engine ${name}`, () => {
    it("is opened by the relay node that it is for", async () => {
      const keys = await relayNodeKeys(engine);
      expect(await openDeliveryInformation(keys, metadata.deliveryInformation)).to.deep.equal(
        vectors.simple.decryptedDeliveryInformation,
      );
    });

    it("is told when it is for another relay node", async () => {
      const { deliveryInformation } = vectors.sameMessageForFallbackService.metadata;
      const keys = await relayNodeKeys(engine);
      const error = await expectRejection(
        openDeliveryInformation(keys, deliveryInformation),
        "NOT_FOR_THIS_KEY",
        /another relay node/,
      );
      expect(error.details).to.deep.equal({ part: "deliveryInformation" });
    });

    it("takes the sender's signature, over every field of the metadata", async () => {
      const submitted = parseSubmittedEnvelope(envelope);
      await assertSubmittedBy(engine, alice, submitted, "alice.eth");
      const flips: Readonly<Record<string, string>> = {
        version: "v2",
        encryptionScheme: "x25519-chacha20-poly1306",
        deliveryInformation: `${metadata.deliveryInformation} `,
        messageHash: metadata.messageHash.replace(/.$/, "d"),
        signature: vectors.withAttachments.encryptedEnvelop.metadata.signature,
      };
      for (const [field, value] of Object.entries(flips)) {
        const flipped = parseSubmittedEnvelope(changed(envelope, ["metadata", field], value));
        await expectRejection(
          assertSubmittedBy(engine, alice, flipped, "alice.eth"),
          "WRONG_METADATA_SIGNATURE",
          /alice\.eth/,
        );
      }
      await expectRejection(
        assertSubmittedBy(engine, people.mallory.profile, submitted, "mallory.eth"),
        "WRONG_METADATA_SIGNATURE",
        /mallory\.eth/,
      );
    });
  });
}

describe("delivery information", () => {
  const whole = { to: "bob.eth", from: "alice.eth", deliveryInstruction: '{"room":"!a:b"}' };

  it("is sealed and opened again, with its instruction", async () => {
    const { publicEncryptionKey } = relayNode.profile;
    const sealed = await sealDeliveryInformation(nodeEngine, publicEncryptionKey, whole);
    expect(await openDeliveryInformation(await relayNodeKeys(nodeEngine), sealed)).to.deep.equal(
      whole,
    );
  });

  for (const [field, value] of [
    ["to", undefined],
    ["to", 7],
    ["to", "a".repeat(1023)],
    ["from", null],
    ["deliveryInstruction", {}],
    ["deliveryInstruction", "x".repeat(8193)],
    ["more", "x"],
  ] as const) {
    it(`is malformed with ${field} = ${shown(value)}`, () => {
      const parse = () => parseDeliveryInformation(JSON.stringify({ ...whole, [field]: value }));
      const error = expectError(parse, "DELIVERY_INFORMATION_MALFORMED", new RegExp(field));
      expect(error.details).to.deep.equal({ field });
    });
  }

  for (const text of ["", "null", "[1]", "{"]) {
    it(`is malformed when the sender encrypted ${JSON.stringify(text)}`, async () => {
      const sealed = await encryptText(nodeEngine, relayNode.profile.publicEncryptionKey, text);
      const opening = openDeliveryInformation(await relayNodeKeys(nodeEngine), sealed);
      await expectRejection(opening, "DELIVERY_INFORMATION_MALFORMED", /JSON/);
    });
  }

  it("is malformed when it is not encrypted", async () => {
    const opening = openDeliveryInformation(await relayNodeKeys(nodeEngine), JSON.stringify(whole));
    await expectRejection(opening, "DELIVERY_INFORMATION_MALFORMED", /not encrypted/);
  });
});

describe("the hash of an envelope", () => {
  const { messageHash } = metadata as { messageHash: `0x${string}` };

  it("goes under npm's name when a relay node knows no other, with nothing encrypted again", async () => {
    const { signingKey } = await keysOf(nodeEngine, "alice");
    const other = await withHashField(signingKey, envelope, messageHash, "encryptedMessageHash");
    expect(other.message).to.equal(envelope.message);
    const { signature, ...rest } = other.metadata;
    expect(rest).to.deep.equal({
      ...{ version: "v1", encryptionScheme: "x25519-chacha20-poly1305" },
      deliveryInformation: metadata.deliveryInformation,
      encryptedMessageHash: ciphertextHash(envelope.message),
    });
    expect(signature).not.to.equal(metadata.signature);
    await assertSubmittedBy(nodeEngine, alice, parseSubmittedEnvelope(other), "alice.eth");
    const back = await withHashField(signingKey, other, messageHash, "messageHash");
    expect(back).to.deep.equal(envelope);
  });
});
