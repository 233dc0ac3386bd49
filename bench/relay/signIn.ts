/** How a user signs up at a server under test, and in where it asks for a token. */
import { signText } from "../../src/dm3/keys/ed25519.js";
import { SignpostError } from "../../src/errors.js";
import type { Receiver } from "./people.js";

/**
 * @param url the base of the server's paths
 * @param isOurs ours takes only tokens of who answered a challenge
 * @returns the token. Throws INTERNAL
 */
export async function signIn(url: string, receiver: Receiver, isOurs: boolean): Promise<string> {
  const { name, keys, signed } = receiver;
  const token = await ask(`${url}/profile/${name}`, signed);
  if (!isOurs) return token;
  const path = `${url}/auth/${name}`;
  const challenge = await ask(path);
  return ask(path, { challenge, signature: signText(keys.signingKeyPair.privateKey, challenge) });
}

/** A JSON text. */
async function ask(url: string, body?: object): Promise<string> {
  const response = await fetch(url, {
    ...(body !== undefined && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  const text = await response.text();
  if (response.status === 200) return JSON.parse(text) as string;
  throw new SignpostError("INTERNAL", `${url} answered ${response.status}: ${text.slice(0, 300)}`);
}
