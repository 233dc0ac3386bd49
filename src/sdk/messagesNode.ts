/** The SDK for messengers under Node: the same functions, with Node's own cryptography, and guarded connections. */
import { browserEngine } from "../dm3/crypto/browserEngine.js";
import type { CryptoEngine } from "../dm3/crypto/cryptoEngine.js";
import type { ProfileKeys } from "../dm3/keys/keys.js";
import { type MessageKeys, messageKeysOf } from "../dm3/message/messageKeys.js";
import { createMessenger as createAnywhere } from "../messenger/createMessenger.js";
import type { Messenger } from "../messenger/messenger.js";
import type { MessengerOptions } from "../messenger/messengerOptions.js";
import { nodeEngine } from "../native/nodeEngine.js";
import { createGuardedFetcher } from "../net/guardedFetch.js";
import { guardedSocketAgent } from "../net/guardedSocketAgent.js";

export * from "./messageSurface.js";

let engine: Promise<CryptoEngine> | undefined;

/**
 * A user's keys, ready for messages: by node:crypto, or by what a browser would take in runtimes that have only a part
 * of it. Once for all messages.
 *
 * Throws INVALID_REQUEST when a private key has another length.
 */
export async function openMessageKeys(keys: ProfileKeys): Promise<MessageKeys> {
  engine ??= browserEngine(globalThis.crypto, nodeEngine).catch((error: unknown) => {
    engine = undefined; // the next one may find what was missing
    throw error;
  });
  return messageKeysOf(await engine, keys);
}

/**
 * A messenger for one user. It asks nobody anything before it is used. CCIP gateways and relay nodes, which strangers choose,
 * are reached by connections that refuse private addresses after DNS.
 *
 * Throws INVALID_REQUEST and INVALID_NAME for wrong options.
 */
export function createMessenger(options: MessengerOptions): Messenger {
  const { allowLoopback = false, fetcher = createGuardedFetcher({ allowLoopback }) } = options;
  return createAnywhere(options, {
    fetcher,
    socketOptions: (url) => ({ agent: guardedSocketAgent(url, { allowLoopback }) }),
  });
}
