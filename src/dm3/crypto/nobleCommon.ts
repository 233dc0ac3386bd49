/** What WebCrypto has not, or not everywhere, by JavaScript: for the engines of browsers. */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { blake2b } from "@noble/hashes/blake2.js";
import type { CryptoEngine } from "./cryptoEngine.js";

type Common = Pick<CryptoEngine, "seal" | "open" | "blake2b512">;

export const NOBLE_COMMON: Common = {
  seal: (key, nonce, plaintext) => chacha20poly1305(key, nonce).encrypt(plaintext),
  open: (key, nonce, ciphertext) =>
    nullWhenRefused(() => chacha20poly1305(key, nonce).decrypt(ciphertext)),
  blake2b512: (bytes) => blake2b(bytes, { dkLen: 64 }),
};

export function nullWhenRefused<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch {
    return null;
  }
}
