import { expect } from "chai";
import fc from "fast-check";
import { type DecodedMessage, decodeMessage } from "../../../src/dm3/message/decodeMessage.js";
import { openDeliveryInformation } from "../../../src/dm3/message/deliveryInformation.js";
import { encodeMessage, type Receiver } from "../../../src/dm3/message/encodeMessage.js";
import { parseSubmittedEnvelope } from "../../../src/dm3/message/envelope.js";
import { MESSAGE_TYPES } from "../../../src/dm3/message/message.js";
import type { NewMessage } from "../../../src/dm3/message/messageContent.js";
import { assertSubmittedBy, ciphertextHash } from "../../../src/dm3/message/metadataSignature.js";
import { parseProxyEnvelope, proxyEnvelopeOf } from "../../../src/dm3/message/proxyEnvelope.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { expectError, expectRejection } from "../../expectError.js";
import { ENGINES } from "../crypto/engines.js";
import { people } from "../profile/sampleProfiles.js";
import {
  bobReads,
  changed,
  fallbackNode,
  found,
  keysFrom,
  keysOf,
  relayNode,
  shown,
} from "./sampleEnvelopes.js";

const bob: Receiver = {
  profile: people.bob.profile,
  relayNodes: [found(relayNode), found(fallbackNode)],
};
const addressed = { from: "alice.eth", to: "bob.eth", timestampMs: 1729000000000 };
const hello: NewMessage = { type: "NEW", text: "Hello Bob", ...addressed };

const texts = fc
  .string({ unit: "grapheme", maxLength: 3000 })
  .filter((text) => text.isWellFormed());
const hashes = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);
const attachments = fc.array(
  fc.record({ name: texts, data: texts }, { requiredKeys: ["data"], noNullPrototype: true }),
  { maxLength: 3 },
);
const written = { text: texts, attachments, replyDeliveryInstruction: texts };
const times = {
  timestampMs: fc.nat(2 ** 45),
  from: fc.constant("alice.eth"),
  to: fc.constant("bob.eth"),
};

/** Any message of a type. */
function anyMessage(type: (typeof MESSAGE_TYPES)[number]): fc.Arbitrary<NewMessage> {
  const options = { noNullPrototype: true } as const;
  const of = { type: fc.constant(type), ...times };
  const about = { ...of, reference: hashes };
  const optional = { ...options, requiredKeys: ["type", "from", "to", "timestampMs", "text"] };
  switch (type) {
    case "NEW":
      return fc.record({ ...of, ...written }, optional as typeof options) as never;
    case "EDIT":
    case "REPLY": {
      const required = { ...options, requiredKeys: [...optional.requiredKeys, "reference"] };
      return fc.record({ ...about, ...written }, required as typeof options);
    }
    case "REACTION":
      return fc.record({ ...about, text: texts }, options);
    case "DELETE_REQUEST":
    case "READ_RECEIVED":
    case "READ_OPENED":
    case "RESEND_REQUEST":
      return fc.record(about, options) as never;
  }
}

const said = ({ from, to, timestampMs, content }: DecodedMessage) => ({
  ...{ from, to, timestampMs },
  ...content,
});

describe("encodeMessage", () => {
  for (const [writerName, writer] of Object.entries(ENGINES)) {
    for (const [readerName, reader] of Object.entries(ENGINES)) {
      for (const type of MESSAGE_TYPES) {
        it(`makes any ${type} by ${writerName} that ${readerName} reads`, async () => {
          const keys = await keysOf(writer, "alice");
          const options = await bobReads(reader);
          await fc.assert(
            fc.asyncProperty(anyMessage(type), async (given) => {
              const { envelopes, messageHash } = await encodeMessage(given, {
                keys,
                receiver: bob,
              });
              const decoded = await decodeMessage(envelopes[0]!.envelope, options);
              expect(said(decoded)).to.deep.equal(given);
              expect(decoded.messageHash).to.equal(messageHash);
              expect(decoded.checks).to.include.members(["hash", "metadataSignature"]);
            }),
            { numRuns: 3 },
          );
        });
      }
    }
  }

  it("makes one envelope for each relay node, with one ciphertext", async () => {
    const keys = await keysOf(nodeEngine, "alice");
    const { envelopes, unresolved } = await encodeMessage(hello, { keys, receiver: bob });
    expect(envelopes.map(({ relayNode: name, url }) => [name, url])).to.deep.equal([
      ["ds.example.eth", relayNode.profile.url],
      ["fallback-ds.example.eth", fallbackNode.profile.url],
    ]);
    expect(unresolved).to.deep.equal([]);
    expect(new Set(envelopes.map(({ envelope }) => envelope.message)).size).to.equal(1);
    for (const [index, node] of [relayNode, fallbackNode].entries()) {
      const submitted = parseSubmittedEnvelope(envelopes[index]!.envelope);
      await assertSubmittedBy(nodeEngine, people.alice.profile, submitted, "alice.eth");
      const own = await keysFrom(nodeEngine, node.keys);
      const other = await keysFrom(nodeEngine, (index === 0 ? fallbackNode : relayNode).keys);
      const { deliveryInformation } = submitted.metadata;
      expect(await openDeliveryInformation(own, deliveryInformation)).to.deep.equal({
        ...{ from: "alice.eth", to: "bob.eth" },
      });
      await expectRejection(
        openDeliveryInformation(other, deliveryInformation),
        "NOT_FOR_THIS_KEY",
        /another relay node/,
      );
    }
  });

  it("tells which relay nodes nothing can be made for", async () => {
    const keys = await keysOf(nodeEngine, "alice");
    const sentence = "Nobody answered.";
    const lost = { status: "unreachable", name: "lost.eth", sentence } as const;
    const receiver = { ...bob, relayNodes: [lost, found(relayNode)] };
    const { envelopes, unresolved } = await encodeMessage(hello, { keys, receiver });
    expect(envelopes.map(({ relayNode: name }) => name)).to.deep.equal(["ds.example.eth"]);
    expect(unresolved).to.deep.equal([{ relayNode: "lost.eth", sentence }]);
    const none = await encodeMessage(hello, { keys, receiver: { ...bob, relayNodes: [lost] } });
    expect(none.envelopes).to.deep.equal([]);
    const error = expectError(() => proxyEnvelopeOf(none), "NOT_FOUND", /try again later/);
    expect(error.details).to.deep.equal({ unresolved });
  });

  it("hands on the instruction for another network, and npm's name of the hash", async () => {
    const keys = await keysOf(nodeEngine, "alice");
    const options = { keys, receiver: bob, deliveryInstruction: "room 7" };
    const { envelopes } = await encodeMessage(hello, {
      ...{ ...options, hashField: "encryptedMessageHash" as const },
    });
    const { metadata, message, claimedHash } = parseSubmittedEnvelope(envelopes[0]!.envelope);
    expect(claimedHash).to.deep.equal({
      ...{ field: "encryptedMessageHash", value: ciphertextHash(message) },
    });
    const relayKeys = await keysFrom(nodeEngine, relayNode.keys);
    expect(await openDeliveryInformation(relayKeys, metadata.deliveryInformation)).to.include({
      deliveryInstruction: "room 7",
    });
  });

  it("encrypts nothing for keys that share no secret", async () => {
    const keys = await keysOf(nodeEngine, "alice");
    const publicEncryptionKey = `${"A".repeat(43)}=`;
    const weak = { ...bob, profile: { publicEncryptionKey } };
    const encoding = encodeMessage(hello, { keys, receiver: weak });
    await expectRejection(encoding, "INVALID_PROFILE", /publicEncryptionKey/);
  });
});

describe("a proxy envelope", () => {
  const make = async () =>
    proxyEnvelopeOf(
      await encodeMessage(hello, { keys: await keysOf(nodeEngine, "alice"), receiver: bob }),
    );

  it("has one ciphertext, and metadata for each relay node", async () => {
    const proxy = await make();
    const { to, envelopes } = parseProxyEnvelope(JSON.stringify(proxy));
    expect(to).to.equal("bob.eth");
    expect(envelopes.map(({ relayNode: name }) => name)).to.deep.equal([
      ...["ds.example.eth", "fallback-ds.example.eth"],
    ]);
    for (const { envelope } of envelopes) {
      const decoded = await decodeMessage(envelope, await bobReads(nodeEngine));
      expect(decoded.content).to.deep.equal({ type: "NEW", text: "Hello Bob" });
    }
  });

  for (const [path, value] of [
    ["to", undefined],
    ["to", "a".repeat(1023)],
    ["encryptedMessage", 7],
    ["encryptionEnvelops", {}],
    ["encryptionEnvelops", []],
    ["encryptionEnvelops", Array(17).fill(null)],
    ["encryptionEnvelops", [null]],
    ["encryptionEnvelops", [{ encryptionEnvelop: {}, deliveryServiceEnsName: "a.eth" }]],
    ["encryptionEnvelops", [{ encryptionEnvelop: { metadata: {} } }]],
    ["more", 1],
  ] as const) {
    it(`is malformed with ${path} = ${shown(value)}`, async () => {
      const wrong = changed(await make(), [path], value);
      expectError(() => parseProxyEnvelope(wrong), "ENVELOPE_MALFORMED", /envelope/);
    });
  }

  it("has no further fields beside a metadata, and a name for each", async () => {
    const proxy = await make();
    const [first] = proxy.encryptionEnvelops;
    for (const [path, value] of [
      [["more"], 1],
      [["encryptionEnvelop", "message"], "x"],
      [["deliveryServiceEnsName"], undefined],
      [["encryptionEnvelop", "metadata", "signature"], 7],
    ] as const) {
      const wrong = { ...proxy, encryptionEnvelops: [changed(first, path, value)] };
      expectError(() => parseProxyEnvelope(wrong), "ENVELOPE_MALFORMED", /field/);
    }
  });
});
