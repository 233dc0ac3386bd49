/**
 * JavaScript alone: for runtimes without X25519 and Ed25519 in WebCrypto. It is loaded there alone, so it has both curves whole,
 * and an app that makes a profile has of them no more than `publicHalves.ts`.
 */
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { checkedEngine } from "./checkedEngine.js";
import type { CryptoEngine, EncryptionKey, Entropy } from "./cryptoEngine.js";
import { NOBLE_COMMON, nullWhenRefused } from "./nobleCommon.js";
import { ed25519PublicKey, x25519PublicKey } from "./publicHalves.js";

/** @param entropy the system's source of chance */
export function nobleEngine(entropy: Entropy): CryptoEngine {
  return checkedEngine({
    ...NOBLE_COMMON,
    encryptionKey,
    freshEncryptionKey: () => encryptionKey(entropy(32)),
    signingKey: (seed) => {
      const own = seed.slice();
      return {
        publicKey: ed25519PublicKey(own),
        sign: (message) => ed25519.sign(message, own),
      };
    },
    // RFC 8032 to the letter, as in libsodium, and not ZIP 215
    verify: (publicKey, message, signature) =>
      nullWhenRefused(() => ed25519.verify(signature, message, publicKey, { zip215: false })) ??
      false,
    entropy,
  });
}

function encryptionKey(privateKey: Uint8Array): EncryptionKey {
  const own = privateKey.slice();
  return {
    publicKey: x25519PublicKey(own),
    agree: (otherPublicKey) => nullWhenRefused(() => x25519.getSharedSecret(own, otherPublicKey)),
  };
}
