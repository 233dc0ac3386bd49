/**
 * How a user of dm3's own libraries, as they come from npm, gets messages: signs up at a relay node, signs in by a
 * challenge, fetches, decrypts, checks who wrote.
 */
import { sign } from "@dm3-org/dm3-lib-crypto";
import {
  checkMessageSignature,
  decryptEnvelop,
  type EncryptionEnvelop,
} from "@dm3-org/dm3-lib-messaging";
import { encodeBase64 } from "../dm3/base64.js";
import { askJson } from "./askJson.js";
import type { DemoRelayNode } from "./demoRelayNode.js";
import type { Writer } from "./people.js";

export interface StockMessage {
  readonly text: string;
  readonly from: string;
  /** Whether the sender's key signed it. */
  readonly isSigned: boolean;
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
  sender: Writer,
): Promise<readonly StockMessage[]> {
  const challenge = (await read(`${url}/auth/${receiver.name}`)) as string;
  const signature = await sign(encodeBase64(receiver.keys.signingKeyPair.privateKey), challenge);
  const token = (await send(`${url}/auth/${receiver.name}`, { challenge, signature })) as string;
  const envelopes = (await read(
    `${url}/delivery/messages/incoming/${receiver.name}`,
    token,
  )) as EncryptionEnvelop[];
  const { publicKey, privateKey } = receiver.keys.encryptionKeyPair;
  const keyPair = { publicKey: encodeBase64(publicKey), privateKey: encodeBase64(privateKey) };
  return Promise.all(
    envelopes.map(async (envelope) => {
      const { message } = await decryptEnvelop(envelope, keyPair);
      const { publicSigningKey } = sender.signedUserProfile.profile;
      return {
        text: message.message ?? "",
        from: message.metadata.from,
        isSigned: await checkMessageSignature(message, publicSigningKey, sender.name),
      };
    }),
  );
}

function read(url: string, token?: string): Promise<unknown> {
  return askJson(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
}

function send(url: string, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  return askJson(url, { method: "POST", headers, body: JSON.stringify(body) });
}
