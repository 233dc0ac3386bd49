/** Encoding and decoding one message, as we do it and as dm3's libraries do (npm 1.7.1); in Node, and in a page. */
import { encryptAsymmetric } from "@dm3-org/dm3-lib-crypto";
import {
  buildEnvelop,
  checkMessageSignature,
  createMessage,
  decryptEnvelop,
  type EncryptionEnvelop,
} from "@dm3-org/dm3-lib-messaging";
import { encodeBase64 } from "../../src/dm3/base64.js";
import type { CryptoEngine } from "../../src/dm3/crypto/cryptoEngine.js";
import { deriveProfileKeys, type ProfileKeys, publicKeyFields } from "../../src/dm3/keys/keys.js";
import { decodeMessage } from "../../src/dm3/message/decodeMessage.js";
import { encodeMessage } from "../../src/dm3/message/encodeMessage.js";
import { messageKeysOf } from "../../src/dm3/message/messageKeys.js";
import { makePostmark } from "../../src/dm3/message/postmark.js";
import { SignpostError } from "../../src/errors.js";

const TEXT = "See you at the usual place at eight, and bring the book that you told me about.";
const [FROM, TO, RELAY_NODE] = ["alice.eth", "bob.eth", "relay.example.eth"] as const;

interface Contestants {
  readonly ours: () => Promise<unknown>;
  readonly dm3: () => Promise<unknown>;
}

/** What each is to do, by the key of its ratio in latest.json; and ours with every check that there is. */
export interface Cases {
  readonly encodeVsDm3: Contestants;
  readonly decodeVsDm3: Contestants;
  readonly decodeWithEveryCheck: () => Promise<unknown>;
}

/**
 * @param engine ours; dm3's libraries bring libsodium
 * @throws INTERNAL when the two do not read the same
 */
export async function prepareCases(engine: CryptoEngine): Promise<Cases> {
  const [alice, bob, node] = [1, 2, 3].map((fill) =>
    deriveProfileKeys(new Uint8Array(32).fill(fill)),
  ) as [ProfileKeys, ProfileKeys, ProfileKeys];
  const profileOf = (keys: ProfileKeys) => ({
    ...publicKeyFields(keys),
    deliveryServices: [RELAY_NODE as string],
  });
  const nodeProfile = { ...publicKeyFields(node), url: "https://relay.example/dm3" };
  const [aliceKeys, bobKeys, nodeKeys] = await Promise.all(
    [alice, bob, node].map((keys) => messageKeysOf(engine, keys)),
  );
  if (!aliceKeys || !bobKeys || !nodeKeys) throw new SignpostError("INTERNAL", "Keys are missing.");

  const receiver = {
    profile: profileOf(bob),
    relayNodes: [{ status: "found", name: RELAY_NODE, profile: nodeProfile }] as const,
  };
  const given = { type: "NEW", text: TEXT, from: FROM, to: TO } as const;
  const encode = () =>
    encodeMessage({ ...given, timestampMs: Date.now() }, { keys: aliceKeys, receiver });

  const dm3Keys = dm3KeysOf(alice);
  const parties = {
    to: { ensName: TO, profile: profileOf(bob) },
    from: { ensName: FROM, profile: profileOf(alice) },
    ...{ deliverServiceProfile: nodeProfile, keys: dm3Keys },
  };
  const dm3Encode = async () => {
    const message = await createMessage(TO, FROM, TEXT, dm3Keys.signingKeyPair.privateKey);
    return buildEnvelop(message, encryptAsymmetric, parties);
  };

  const stored = await storedEnvelope();
  const contactOf = () => ({ profile: profileOf(alice) });
  const reading = { keys: bobKeys, ownNames: [TO], contactOf };
  const decode = () => decodeMessage(stored, reading);
  const dm3Pair = dm3KeysOf(bob).encryptionKeyPair;
  const dm3Decode = async () => {
    const { message } = await decryptEnvelop(stored, dm3Pair);
    const isSigned = await checkMessageSignature(
      ...([message, profileOf(alice).publicSigningKey, FROM] as const),
    );
    if (!isSigned) throw new SignpostError("INTERNAL", "dm3's library refuses the message.");
    return message;
  };
  await assertSame(decode, dm3Decode);

  return {
    encodeVsDm3: { ours: encode, dm3: dm3Encode },
    decodeVsDm3: { ours: decode, dm3: dm3Decode },
    decodeWithEveryCheck: () => decodeMessage(stored, { ...reading, relayNode: nodeProfile }),
  };

  /** As a relay node of dm3 hands it over, with a postmark. */
  async function storedEnvelope(): Promise<EncryptionEnvelop> {
    const { encryptedEnvelop } = await dm3Encode();
    const { message, metadata } = encryptedEnvelop;
    const { publicEncryptionKey } = profileOf(bob);
    const postmark = await makePostmark(
      ...([nodeKeys as never, publicEncryptionKey, message, { incomingTimestampMs: 1 }] as const),
    );
    return {
      message,
      metadata: { ...metadata, deliveryInformation: { to: TO, from: FROM } },
      postmark,
    };
  }
}

async function assertSame(
  decode: () => ReturnType<typeof decodeMessage>,
  dm3Decode: () => Promise<{ readonly message?: string | undefined }>,
): Promise<void> {
  const { content } = await decode();
  const { message } = await dm3Decode();
  if (!("text" in content) || content.text !== TEXT || message !== TEXT) {
    throw new SignpostError("INTERNAL", "The two libraries read different messages.");
  }
}

function dm3KeysOf({ encryptionKeyPair, signingKeyPair }: ProfileKeys) {
  const inBase64 = ({ publicKey, privateKey }: ProfileKeys["signingKeyPair"]) => ({
    publicKey: encodeBase64(publicKey),
    privateKey: encodeBase64(privateKey),
  });
  return {
    encryptionKeyPair: inBase64(encryptionKeyPair),
    signingKeyPair: inBase64(signingKeyPair),
    ...{ storageEncryptionKey: "", storageEncryptionNonce: "" },
  };
}
