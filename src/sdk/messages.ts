/**
 * The SDK for messengers: DM3 messages from what an app says to envelopes, and back. Runs in browsers and under Node;
 * under Node the package's exports lead to `messagesNode.ts`, which computes faster.
 *
 *   const keys = await openMessageKeys(profileKeys);
 *   const { envelopes } = await encodeMessage({ type: "NEW", text, from, to, timestampMs }, { keys, receiver });
 *   const { content, from } = await decodeMessage(envelope, { keys, ownNames, contactOf });
 */
import { browserEngine } from "../dm3/crypto/browserEngine.js";
import type { CryptoEngine } from "../dm3/crypto/cryptoEngine.js";
import type { ProfileKeys } from "../dm3/keys/keys.js";
import { type MessageKeys, messageKeysOf } from "../dm3/message/messageKeys.js";

export * from "./messageSurface.js";

let engine: Promise<CryptoEngine> | undefined;

/**
 * A user's keys, ready for messages: by WebCrypto, or by JavaScript where it lacks X25519 or Ed25519. Once for all
 * messages.
 *
 * Throws INVALID_REQUEST when a private key has another length, INVALID_CONFIGURATION in a runtime without
 * `crypto.getRandomValues`.
 */
export async function openMessageKeys(keys: ProfileKeys): Promise<MessageKeys> {
  return messageKeysOf(await (engine ??= browserEngine(globalThis.crypto)), keys);
}
