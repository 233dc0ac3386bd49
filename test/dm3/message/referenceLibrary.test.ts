/** Messages between us and dm3's own libraries, npm 1.7.1, in both directions. */
import { checkSignature, encryptAsymmetric } from "@dm3-org/dm3-lib-crypto";
import * as dm3 from "@dm3-org/dm3-lib-messaging";
import { sha256, stringify, validateSchema } from "@dm3-org/dm3-lib-shared";
import { expect } from "chai";
import { decodeMessage } from "../../../src/dm3/message/decodeMessage.js";
import { openDeliveryInformation } from "../../../src/dm3/message/deliveryInformation.js";
import { encodeMessage } from "../../../src/dm3/message/encodeMessage.js";
import { parseSubmittedEnvelope } from "../../../src/dm3/message/envelope.js";
import type { NewMessage } from "../../../src/dm3/message/messageContent.js";
import { assertSubmittedBy } from "../../../src/dm3/message/metadataSignature.js";
import { makePostmark } from "../../../src/dm3/message/postmark.js";
import { ENGINES } from "../crypto/engines.js";
import { people } from "../profile/sampleProfiles.js";
import { bobReads, found, keysOf, relayNode, relayNodeKeys } from "./sampleEnvelopes.js";

const { alice, bob } = people;
const reference = `0x${"cd".repeat(32)}`;
const key = alice.keys.signingKeyPair.privateKey;
const attachments = [{ name: "a.txt", data: "data:text/plain;base64,aGk=" }];

/** What the library makes, and what we say for it. */
const WRITTEN: readonly (readonly [() => Promise<dm3.Message>, object])[] = [
  [
    () => dm3.createMessage("bob.eth", "alice.eth", "Grüße 👋", key, attachments),
    { type: "NEW", text: "Grüße 👋", attachments },
  ],
  [
    () => dm3.createEditMessage("bob.eth", "alice.eth", "edited", key, reference),
    { type: "EDIT", text: "edited", reference },
  ],
  [
    () => dm3.createReplyMessage("bob.eth", "alice.eth", "reply", key, reference, attachments),
    { type: "REPLY", text: "reply", reference, attachments },
  ],
  [
    () => dm3.createReactionMessage("bob.eth", "alice.eth", "❤️", key, reference),
    { type: "REACTION", text: "❤️", reference },
  ],
  [
    () => dm3.createDeleteRequestMessage("bob.eth", "alice.eth", key, reference),
    { type: "DELETE_REQUEST", reference },
  ],
  [
    () => dm3.createReadReceiveMessage("bob.eth", "alice.eth", "READ_RECEIVED", key, reference),
    { type: "READ_RECEIVED", reference },
  ],
  [
    () => dm3.createReadOpenMessage("bob.eth", "alice.eth", "READ_OPENED", key, reference),
    { type: "READ_OPENED", reference },
  ],
];

const mutable = <T extends { deliveryServices: readonly string[] }>(profile: T) => ({
  ...profile,
  deliveryServices: [...profile.deliveryServices],
});

async function envelopeByLibrary(message: dm3.Message) {
  const { encryptedEnvelop } = await dm3.buildEnvelop(message, encryptAsymmetric, {
    to: { ensName: "bob.eth", profile: mutable(bob.profile) },
    from: { ensName: "alice.eth", profile: mutable(alice.profile) },
    deliverServiceProfile: relayNode.profile,
    keys: alice.keys,
  });
  return encryptedEnvelop;
}

for (const [name, engine] of Object.entries(ENGINES)) {
  describe(`dm3's library and ours, by the engine ${name}`, () => {
    for (const [write, content] of WRITTEN) {
      const { type } = content as { type: string };

      it(`writes a ${type} that we read at every step`, async () => {
        const message = await write();
        const envelope = await envelopeByLibrary(message);
        const submitted = parseSubmittedEnvelope(JSON.stringify(envelope));
        await assertSubmittedBy(engine, alice.profile, submitted, "alice.eth");
        const keys = await relayNodeKeys(engine);
        const information = await openDeliveryInformation(
          keys,
          submitted.metadata.deliveryInformation,
        );
        expect(information).to.deep.equal({ to: "bob.eth", from: "alice.eth" });
        const stored = await dm3.handleMessageOnDeliveryService(
          ...([envelope, relayNode.keys, mutable(bob.profile)] as const),
        );
        const decoded = await decodeMessage(stored.encryptedEnvelop, await bobReads(engine));
        expect(decoded.content).to.deep.equal(content);
        expect(decoded.timestampMs).to.equal(message.metadata.timestamp);
        expect(decoded.messageHash).to.equal(sha256(stringify(message)));
        expect(decoded.checks).to.include.members([
          ...["hash", "messageSignature", "metadataSignature", "postmarkSignature"],
        ]);
      });

      it(`reads a ${type} of ours, and its postmark`, async () => {
        const keys = await keysOf(engine, "alice");
        const receiver = { profile: bob.profile, relayNodes: [found(relayNode)] };
        const given = { from: "alice.eth", to: "bob.eth", timestampMs: 1729000000000, ...content };
        const { envelopes, message } = await encodeMessage(given as NewMessage, {
          ...{ keys, receiver, hashField: "encryptedMessageHash" as const },
        });
        const envelope = envelopes[0]!.envelope as dm3.EncryptionEnvelop;
        const { decryptedDeliveryInformation } = await dm3.handleMessageOnDeliveryService(
          ...([envelope, relayNode.keys, mutable(bob.profile)] as const),
        );
        expect(decryptedDeliveryInformation).to.deep.equal({ to: "bob.eth", from: "alice.eth" });
        const postmark = await makePostmark(
          await relayNodeKeys(engine),
          bob.profile.publicEncryptionKey,
          envelope.message,
          { incomingTimestampMs: 5 },
          { to: "bob.eth", from: "alice.eth" },
        );
        const read = await dm3.decryptEnvelop(
          { ...envelope, postmark },
          bob.keys.encryptionKeyPair,
        );
        expect(read.message).to.deep.equal(message);
        const { publicSigningKey } = alice.profile;
        expect(
          await dm3.checkMessageSignature(read.message, publicSigningKey, "alice.eth"),
        ).to.equal(true);
        const { signature, ...unsigned } = read.postmark as unknown as Record<string, string>;
        expect(unsigned).to.include({ incommingTimestamp: 5 });
        expect(
          await checkSignature(
            ...([
              relayNode.profile.publicSigningKey,
              sha256(stringify(unsigned)),
              signature!,
            ] as const),
          ),
        ).to.equal(true);
      });
    }

    it("agree on what an npm envelope is", async () => {
      const keys = await keysOf(engine, "alice");
      const receiver = { profile: bob.profile, relayNodes: [found(relayNode)] };
      const given = {
        from: "alice.eth",
        to: "bob.eth",
        timestampMs: 1,
        type: "NEW",
        text: "a",
      } as const;
      const { schema } = dm3;
      for (const [hashField, isValid] of [
        ["encryptedMessageHash", true],
        ["messageHash", false],
      ] as const) {
        const { envelopes } = await encodeMessage(given, { keys, receiver, hashField });
        const { envelope } = envelopes[0]!;
        expect(validateSchema(schema.EncryptionEnvelopeSchema, envelope), hashField).to.equal(
          isValid,
        );
        expect(dm3.getEnvelopSize(envelope as never)).to.be.within(5900, 6200);
      }
    });
  });
}
