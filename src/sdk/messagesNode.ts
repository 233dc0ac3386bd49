/** The SDK for messengers under Node: the same functions, with Node's own cryptography. */
import { browserEngine } from "../dm3/crypto/browserEngine.js";
import type { CryptoEngine } from "../dm3/crypto/cryptoEngine.js";
import type { ProfileKeys } from "../dm3/keys/keys.js";
import { type MessageKeys, messageKeysOf } from "../dm3/message/messageKeys.js";
import { nodeEngine } from "../native/nodeEngine.js";

export * from "./messageSurface.js";

let engine: Promise<CryptoEngine> | undefined;

/**
 * A user's keys, ready for messages: by node:crypto, or by what a browser would take in runtimes that have only a part
 * of it. Once for all messages.
 *
 * Throws INVALID_REQUEST when a private key has another length.
 */
export async function openMessageKeys(keys: ProfileKeys): Promise<MessageKeys> {
  return messageKeysOf(await (engine ??= browserEngine(globalThis.crypto, nodeEngine)), keys);
}
