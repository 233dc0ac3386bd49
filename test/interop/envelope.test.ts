/** test/vectors/envelope, written and read by our codec; dm3's own library reads them as well. */
import { decryptAsymmetric } from "@dm3-org/dm3-lib-crypto";
import { expect } from "chai";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { encodeBase64 } from "../../src/dm3/base64.js";
import { nobleEngine } from "../../src/dm3/crypto/nobleEngine.js";
import { deriveProfileKeys, publicKeyFields } from "../../src/dm3/keys/keys.js";
import { openDeliveryInformation } from "../../src/dm3/message/deliveryInformation.js";
import { encodeMessage } from "../../src/dm3/message/encodeMessage.js";
import { parseSubmittedEnvelope } from "../../src/dm3/message/envelope.js";
import { messageKeysOf } from "../../src/dm3/message/messageKeys.js";
import { assertSubmittedBy } from "../../src/dm3/message/metadataSignature.js";
import { makePostmark, openPostmark } from "../../src/dm3/message/postmark.js";
import { stringify } from "../../src/dm3/stringify.js";
import type { ErrorCode } from "../../src/errors.js";
import { nodeEngine } from "../../src/native/nodeEngine.js";
import { expectRejection } from "../expectError.js";
import type { EnvelopeExpected, SealingInput, SubmitInput } from "./make/envelopes.js";
import { readVectors } from "./vectorFiles.js";

const { valid, invalid } = await readVectors<SealingInput, EnvelopeExpected, ErrorCode>("envelope");

/** Gives these bytes, in this order, where an implementation takes chance. */
function engineWith(...given: readonly string[]) {
  const left = [...given];
  return nobleEngine((length) => {
    const bytes = fromHex(left.shift() ?? "0x");
    expect(bytes).to.have.length(length);
    return bytes;
  });
}

const RECEIVER = deriveProfileKeys(new Uint8Array(32).fill(0xb0));

describe("vectors: envelope", () => {
  for (const { rule, description, input, expected } of valid) {
    it(`${rule}: ${description}`, async () => {
      const { from, to, type, text, reference, timestamp, hashField, deliveryInstruction } = input;
      const engine = engineWith(
        ...[input.ephemPrivateKey, input.messageNonce, input.deliveryInformationNonce],
      );
      const profile = {
        ...{ publicEncryptionKey: input.relayNodeKey, publicSigningKey: "", url: "https://x" },
      };
      const encoded = await encodeMessage(
        {
          ...{ type, from, to, timestampMs: timestamp },
          ...(text !== null && { text }),
          ...(reference !== null && { reference }),
        } as Parameters<typeof encodeMessage>[0],
        {
          keys: await messageKeysOf(engine, deriveProfileKeys(fromHex(input.senderSeed))),
          receiver: {
            profile: { publicEncryptionKey: input.receiverKey },
            relayNodes: [{ status: "found", name: "relay.eth", profile }],
          },
          hashField,
          ...(deliveryInstruction !== null && { deliveryInstruction }),
        },
      );
      const envelope = encoded.envelopes[0]!.envelope;
      expect(stringify(encoded.message)).to.equal(expected.message);
      expect(encoded.messageHash).to.equal(expected.messageHash);
      expect(stringify(envelope)).to.equal(expected.envelope);

      const { signedText, metadata } = parseSubmittedEnvelope(expected.envelope);
      expect(signedText).to.equal(expected.metadataSigned);
      const nodeKeys = deriveProfileKeys(fromHex(input.relayNodeSeed));
      const opened = await openDeliveryInformation(
        await messageKeysOf(nodeEngine, nodeKeys),
        metadata.deliveryInformation,
      );
      expect(stringify(opened)).to.equal(expected.deliveryInformation);

      const stamping = engineWith(input.postmarkEphemPrivateKey, input.postmarkNonce);
      const postmark = await makePostmark(
        await messageKeysOf(stamping, nodeKeys),
        ...([input.receiverKey, envelope.message] as const),
        { incomingTimestampMs: input.incomingTimestamp },
      );
      expect(postmark).to.equal(expected.postmark);
      const read = await openPostmark(await messageKeysOf(nodeEngine, RECEIVER), postmark);
      expect(read.signedText).to.equal(expected.postmarkSigned);
    });

    it(`${rule}: dm3's library reads it`, async () => {
      const { publicKey, privateKey } = RECEIVER.encryptionKeyPair;
      const pair = { publicKey: encodeBase64(publicKey), privateKey: encodeBase64(privateKey) };
      const { message } = JSON.parse(expected.envelope) as { message: string };
      expect(await decryptAsymmetric(pair, JSON.parse(message) as never)).to.equal(
        expected.message,
      );
    });
  }

  /** What a relay node does with it, up to what only it knows of its users. */
  async function taken({ envelope, relayNodeSeed, senderKey }: SubmitInput): Promise<void> {
    const submitted = parseSubmittedEnvelope(envelope);
    const keys = await messageKeysOf(nodeEngine, deriveProfileKeys(fromHex(relayNodeSeed)));
    const { from } = await openDeliveryInformation(keys, submitted.metadata.deliveryInformation);
    await assertSubmittedBy(nodeEngine, { publicSigningKey: senderKey }, submitted, from);
  }

  for (const { rule, description, input, error } of invalid) {
    it(`${rule}: ${description}`, async () => {
      await expectRejection(taken(input as unknown as SubmitInput), error, /./);
    });
  }

  it("are refused for that alone: unchanged, each would be taken", async () => {
    for (const { input, expected } of valid) {
      const { publicSigningKey } = publicKeyFields(deriveProfileKeys(fromHex(input.senderSeed)));
      const { relayNodeSeed } = input;
      await taken({ envelope: expected.envelope, relayNodeSeed, senderKey: publicSigningKey });
    }
    expect(toHex(RECEIVER.signingKeyPair.privateKey.subarray(0, 32))).to.equal(
      `0x${"b0".repeat(32)}`,
    );
  });
});
