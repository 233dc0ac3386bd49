/**
 * How a user of dm3's own libraries, as they come from npm, gets messages: signs up at a relay node, signs in by a
 * challenge, fetches, decrypts, checks who wrote; and how one writes.
 */
import { encryptAsymmetric, sign } from "@dm3-org/dm3-lib-crypto";
import {
  buildEnvelop,
  checkMessageSignature,
  createMessage,
  decryptEnvelop,
  type EncryptionEnvelop,
} from "@dm3-org/dm3-lib-messaging";
import { encodeBase64 } from "../dm3/base64.js";
import type { KeyPair } from "../dm3/keys/keys.js";
import type { DeliveryServiceProfile, UserProfile } from "../dm3/profile/profile.js";
import { SignpostError } from "../errors.js";
import { askJson } from "./askJson.js";
import type { DemoRelayNode } from "./demoRelayNode.js";
import type { Writer } from "./people.js";

export interface StockMessage {
  readonly text: string;
  readonly from: string;
  /** Whether the sender's key signed it. */
  readonly isSigned: boolean;
}

/** @param relayNode of the receiver, which it is submitted to */
export async function writeWithDm3(
  text: string,
  sender: Writer,
  receiver: { readonly name: string; readonly profile: UserProfile },
  relayNode: DeliveryServiceProfile,
): Promise<void> {
  const { encryptionKeyPair, signingKeyPair } = sender.keys;
  const keys = {
    encryptionKeyPair: inBase64(encryptionKeyPair),
    signingKeyPair: inBase64(signingKeyPair),
    storageEncryptionKey: "",
    storageEncryptionNonce: "0",
  };
  const { privateKey } = keys.signingKeyPair;
  const message = await createMessage(receiver.name, sender.name, text, privateKey);
  const party = (ensName: string, profile: UserProfile) => ({
    ensName,
    profile: { ...profile, deliveryServices: [...profile.deliveryServices] },
  });
  const { encryptedEnvelop } = await buildEnvelop(message, encryptAsymmetric, {
    to: party(receiver.name, receiver.profile),
    from: party(sender.name, sender.signedUserProfile.profile),
    ...{ deliverServiceProfile: relayNode, keys },
  });
  const answer = (await send(`${relayNode.url}/rpc`, {
    ...{ jsonrpc: "2.0", id: 1, method: "dm3_submitMessage" },
    params: [JSON.stringify(encryptedEnvelop)],
  })) as { readonly result?: string; readonly error?: { readonly message: string } };
  if (answer.error === undefined) return;
  throw new SignpostError("INTERNAL", `The relay node said no: ${answer.error.message}`);
}

export async function signUpWithDm3(
  { profile: { url } }: DemoRelayNode,
  { name, signedUserProfile }: Writer,
): Promise<void> {
  await send(`${url}/profile/${name}`, signedUserProfile);
}

/** @param sender whose messages they should be */
export async function fetchWithDm3(
  { profile: { url } }: DemoRelayNode,
  receiver: Writer,
  sender: { readonly name: string; readonly profile: Pick<UserProfile, "publicSigningKey"> },
): Promise<readonly StockMessage[]> {
  const challenge = (await read(`${url}/auth/${receiver.name}`)) as string;
  const signature = await sign(encodeBase64(receiver.keys.signingKeyPair.privateKey), challenge);
  const token = (await send(`${url}/auth/${receiver.name}`, { challenge, signature })) as string;
  const envelopes = (await read(
    `${url}/delivery/messages/incoming/${receiver.name}`,
    token,
  )) as EncryptionEnvelop[];
  const keyPair = inBase64(receiver.keys.encryptionKeyPair);
  return Promise.all(
    envelopes.map(async (envelope) => {
      const { message } = await decryptEnvelop(envelope, keyPair);
      const { publicSigningKey } = sender.profile;
      return {
        text: message.message ?? "",
        from: message.metadata.from,
        isSigned: await checkMessageSignature(message, publicSigningKey, sender.name),
      };
    }),
  );
}

function inBase64({ publicKey, privateKey }: KeyPair) {
  return { publicKey: encodeBase64(publicKey), privateKey: encodeBase64(privateKey) };
}

function read(url: string, token?: string): Promise<unknown> {
  return askJson(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
}

function send(url: string, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  return askJson(url, { method: "POST", headers, body: JSON.stringify(body) });
}
