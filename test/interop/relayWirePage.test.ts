/** Each example of docs/relay-wire.md, made anew by our codec. */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { decodeBase64 } from "../../src/dm3/base64.js";
import { assertTextSignedBy, signText } from "../../src/dm3/keys/ed25519.js";
import { deriveProfileKeys, publicKeyFields } from "../../src/dm3/keys/keys.js";
import { openDeliveryInformation } from "../../src/dm3/message/deliveryInformation.js";
import { decryptText } from "../../src/dm3/message/encryption.js";
import { parseSubmittedEnvelope } from "../../src/dm3/message/envelope.js";
import { messageKeysOf } from "../../src/dm3/message/messageKeys.js";
import { ciphertextHash } from "../../src/dm3/message/metadataSignature.js";
import { openPostmark } from "../../src/dm3/message/postmark.js";
import { sha256Hex, stringify } from "../../src/dm3/stringify.js";
import { nodeEngine } from "../../src/native/nodeEngine.js";
import vector from "../vectors/envelope/valid/new-message.json" with { type: "json" };

const PAGE = new URL("../../docs/relay-wire.md", import.meta.url);
const seeded = (byte: number) => deriveProfileKeys(new Uint8Array(32).fill(byte));
const { input, expected } = vector;

async function examples(): Promise<Readonly<Record<string, string>>> {
  const [sender, receiver, node] = [seeded(0xa1), seeded(0xb0), seeded(0xd5)];
  const receiverKeys = await messageKeysOf(nodeEngine, receiver);
  const envelope = parseSubmittedEnvelope(expected.envelope);
  const { publicSigningKey, publicEncryptionKey } = publicKeyFields(sender);
  const opened = await decryptText(nodeEngine, receiverKeys.encryptionKey, envelope.message);
  if (opened === null || opened === "malformed") throw new Error("The message cannot be read.");
  const information = await openDeliveryInformation(
    await messageKeysOf(nodeEngine, node),
    envelope.metadata.deliveryInformation,
  );
  const postmark = await openPostmark(receiverKeys, expected.postmark);
  const challenge = signText(receiver.signingKeyPair.privateKey, "a.challenge.text");
  assertTextSignedBy(publicKeyFields(receiver).publicSigningKey, "a.challenge.text", challenge);
  return {
    senderKeys: `${publicSigningKey}\n${publicEncryptionKey}`,
    cipher: await cipherOf(receiver.encryptionKeyPair.publicKey, envelope.message),
    message: opened.text,
    messageHash: sha256Hex(opened.text),
    deliveryInformation: stringify(information),
    encryptedMessageHash: ciphertextHash(envelope.message),
    postmark: `${postmark.messageHash}\n${postmark.signature}\n${postmark.signedText}`,
    challenge,
  };
}

/** Secret and key by the page's own two lines; the key opens what our codec wrote. */
async function cipherOf(receiver: Uint8Array, sealed: string): Promise<string> {
  const fresh = await nodeEngine.encryptionKey(fromHex(input.ephemPrivateKey));
  const secret = await fresh.agree(receiver);
  if (secret === null) throw new Error("There is no secret.");
  const hashed = await nodeEngine.blake2b512(
    Uint8Array.of(...secret, ...fresh.publicKey, ...receiver),
  );
  const key = hashed.subarray(32, 64);
  const { ciphertext } = JSON.parse(sealed) as { ciphertext: string };
  const opened = await nodeEngine.open(key, fromHex(input.messageNonce), decodeBase64(ciphertext));
  expect(opened).not.to.equal(null);
  return `${toHex(secret)}\n${toHex(key)}`;
}

describe("docs/relay-wire.md", () => {
  it("has the very bytes that our codec makes and reads", async () => {
    const page = await readFile(PAGE, "utf8");
    const found = [...page.matchAll(/<!-- example: (\w+) -->\n\n```\n([^`]*)\n```/g)].map(
      ([, name = "", text = ""]) => [name, text] as const,
    );
    expect(Object.fromEntries(found)).to.deep.equal(await examples());
    expect(expected.message).to.equal((await examples())["message"]);
  });

  it("names the length of the shortest envelope", () => {
    const text = JSON.parse(expected.envelope) as object;
    expect(stringify(text).length).to.equal(6_063);
  });
});
