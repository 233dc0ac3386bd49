/** JavaScript alone: for runtimes without X25519 and Ed25519 in WebCrypto. */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { checkedEngine } from "./checkedEngine.js";
import type { CryptoEngine, EncryptionKey, Entropy } from "./cryptoEngine.js";

type Common = Pick<CryptoEngine, "seal" | "open" | "blake2b512">;

/** What WebCrypto has not, or not everywhere. */
export const NOBLE_COMMON: Common = {
  seal: (key, nonce, plaintext) => chacha20poly1305(key, nonce).encrypt(plaintext),
  open: (key, nonce, ciphertext) =>
    nullWhenRefused(() => chacha20poly1305(key, nonce).decrypt(ciphertext)),
  blake2b512: (bytes) => blake2b(bytes, { dkLen: 64 }),
};

/** @param entropy the system's source of chance */
export function nobleEngine(entropy: Entropy): CryptoEngine {
  return checkedEngine({
    ...NOBLE_COMMON,
    encryptionKey,
    freshEncryptionKey: () => encryptionKey(entropy(32)),
    signingKey: (seed) => {
      const own = seed.slice();
      return {
        publicKey: ed25519.getPublicKey(own),
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
    publicKey: x25519.getPublicKey(own),
    agree: (otherPublicKey) => nullWhenRefused(() => x25519.getSharedSecret(own, otherPublicKey)),
  };
}

function nullWhenRefused<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch {
    return null;
  }
}
