/**
 * The SDK for messengers: DM3 messages from what an app says to envelopes, and back; and a whole messenger. Runs in browsers
 * and under Node; under Node the package's exports lead to `messagesNode.ts`, which computes faster and guards connections.
 *
 *   const keys = await openMessageKeys(profileKeys);
 *   const messenger = createMessenger({ rpc: window.ethereum, name: "alice.eth", keys });
 *   await messenger.send("bob.eth", "Hello Bob");
 *   for await (const message of messenger.messages()) await messenger.acknowledge(message);
 */
import { browserEngine } from "../dm3/crypto/browserEngine.js";
import type { CryptoEngine } from "../dm3/crypto/cryptoEngine.js";
import type { ProfileKeys } from "../dm3/keys/keys.js";
import { type MessageKeys, messageKeysOf } from "../dm3/message/messageKeys.js";
import { createBrowserFetcher } from "../fetch/browserFetcher.js";
import { createMessenger as createAnywhere } from "../messenger/createMessenger.js";
import type { Messenger } from "../messenger/messenger.js";
import type { MessengerOptions } from "../messenger/messengerOptions.js";

export * from "./messageSurface.js";

let engine: Promise<CryptoEngine> | undefined;

/**
 * A user's keys, ready for messages: by WebCrypto, or by JavaScript where it lacks X25519 or Ed25519. Once for all
 * messages.
 *
 * Give the key pairs that `createProfile` returned, or the storage key (32 bytes) that `storageKeyOf` makes of the wallet's signature.
 *
 * Throws INVALID_REQUEST when a private key or the storage key has another length, INVALID_CONFIGURATION in a runtime without
 * `crypto.getRandomValues`, UNREACHABLE when a part that only such a browser needs does not load.
 */
export async function openMessageKeys(keys: ProfileKeys | Uint8Array): Promise<MessageKeys> {
  engine ??= browserEngine(globalThis.crypto).catch((error: unknown) => {
    engine = undefined; // the next one may find what was missing
    throw error;
  });
  return messageKeysOf(await engine, keys);
}

/**
 * A messenger for one user. It asks nobody anything before it is used.
 *
 * Throws INVALID_REQUEST and INVALID_NAME for wrong options.
 */
export function createMessenger(options: MessengerOptions): Messenger {
  const { allowLoopback = false, fetcher = createBrowserFetcher({ allowLoopback }) } = options;
  return createAnywhere(options, { fetcher, socketOptions: () => ({}) });
}
