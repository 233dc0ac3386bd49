/** The SDK for messengers under Node: the same functions, with Node's own cryptography, and guarded connections. */
import { useSha256 } from "../abi/sha256.js";
import { useBase64 } from "../dm3/base64.js";
import { browserEngine } from "../dm3/crypto/browserEngine.js";
import type { CryptoEngine } from "../dm3/crypto/cryptoEngine.js";
import type { ProfileKeys } from "../dm3/keys/keys.js";
import { type MessageKeys, messageKeysOf } from "../dm3/message/messageKeys.js";
import { createMessenger as createAnywhere } from "../messenger/createMessenger.js";
import type { Messenger } from "../messenger/messenger.js";
import type { MessengerOptions } from "../messenger/messengerOptions.js";
import { compiledEngines } from "../native/messageEngine.js";
import { nodeBase64 } from "../native/nodeBase64.js";
import { nodeSha256 } from "../native/nodeSha256.js";
import { createGuardedFetcher } from "../net/guardedFetch.js";
import { guardedSocketAgent } from "../net/guardedSocketAgent.js";

export * from "./messageSurface.js";

let engine: Promise<CryptoEngine> | undefined;

/**
 * A user's keys, ready for messages: by `sodium-native` where the app has installed it, by node:crypto, or by what a browser
 * would take in runtimes that have only a part of it. Once for all messages.
 *
 * Give the key pairs that `createProfile` returned, or the storage key (32 bytes) that `storageKeyOf` makes of the wallet's signature.
 *
 * Throws INVALID_REQUEST when a private key or the storage key has another length.
 */
export async function openMessageKeys(keys: ProfileKeys | Uint8Array): Promise<MessageKeys> {
  engine ??= openEngine().catch((error: unknown) => {
    engine = undefined; // the next one may find what was missing
    throw error;
  });
  return messageKeysOf(await engine, keys);
}

async function openEngine(): Promise<CryptoEngine> {
  useSha256(nodeSha256);
  useBase64(nodeBase64);
  return browserEngine(globalThis.crypto, ...(await compiledEngines()));
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
