/**
 * DM3's cryptography by libsodium, compiled: for a message that a relay node takes, in half the time that OpenSSL needs,
 * whose Ed25519 is made for 32 bits. Null where the package has nothing for this platform; then nodeEngine does the same.
 */
import { checkedEngine } from "../dm3/crypto/checkedEngine.js";
import type { CryptoEngine, EncryptionKey } from "../dm3/crypto/cryptoEngine.js";

/** What we use of the package sodium-native, which brings no types. Results are written into the first argument. */
interface Sodium {
  crypto_box_keypair(publicKey: Uint8Array, privateKey: Uint8Array): void;
  crypto_scalarmult_base(publicKey: Uint8Array, privateKey: Uint8Array): void;
  /** Throws for a shared secret of zeros. */
  crypto_scalarmult(secret: Uint8Array, privateKey: Uint8Array, publicKey: Uint8Array): void;
  crypto_sign_seed_keypair(publicKey: Uint8Array, privateKey: Uint8Array, seed: Uint8Array): void;
  crypto_sign_detached(signature: Uint8Array, message: Uint8Array, privateKey: Uint8Array): void;
  crypto_sign_verify_detached(
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
  ): boolean;
  crypto_aead_chacha20poly1305_ietf_encrypt(
    ciphertext: Uint8Array,
    plaintext: Uint8Array,
    additional: null,
    secretNonce: null,
    nonce: Uint8Array,
    key: Uint8Array,
  ): void;
  /** Throws for what was sealed otherwise. */
  crypto_aead_chacha20poly1305_ietf_decrypt(
    plaintext: Uint8Array,
    secretNonce: null,
    ciphertext: Uint8Array,
    additional: null,
    nonce: Uint8Array,
    key: Uint8Array,
  ): void;
  crypto_generichash(hash: Uint8Array, bytes: Uint8Array): void;
  randombytes_buf(bytes: Uint8Array): void;
}

const KEY_BYTES = 32;
const SIGNING_KEY_BYTES = 64;
const SIGNATURE_BYTES = 64;
const TAG_BYTES = 16;
const HASH_BYTES = 64;

export async function sodiumEngine(): Promise<CryptoEngine | null> {
  const sodium = await loadSodium();
  return sodium && checkedEngine(engineOf(sodium));
}

async function loadSodium(): Promise<Sodium | null> {
  const name = "sodium-native"; // optional, so the compiler need not find it
  try {
    return ((await import(name)) as { default: Sodium }).default;
  } catch {
    return null;
  }
}

function engineOf(sodium: Sodium): CryptoEngine {
  const encryptionKeyOf = (publicKey: Uint8Array, privateKey: Uint8Array): EncryptionKey => ({
    publicKey,
    agree: (otherPublicKey) => {
      const secret = new Uint8Array(KEY_BYTES);
      const isShared = succeeds(() => {
        sodium.crypto_scalarmult(secret, privateKey, otherPublicKey);
      });
      return isShared ? secret : null;
    },
  });

  return {
    encryptionKey: (privateKey) => {
      const [publicKey, own] = [new Uint8Array(KEY_BYTES), privateKey.slice()];
      sodium.crypto_scalarmult_base(publicKey, own);
      return encryptionKeyOf(publicKey, own);
    },
    freshEncryptionKey: () => {
      const [publicKey, privateKey] = [new Uint8Array(KEY_BYTES), new Uint8Array(KEY_BYTES)];
      sodium.crypto_box_keypair(publicKey, privateKey);
      return encryptionKeyOf(publicKey, privateKey);
    },
    signingKey: (seed) => {
      const publicKey = new Uint8Array(KEY_BYTES);
      const privateKey = new Uint8Array(SIGNING_KEY_BYTES);
      sodium.crypto_sign_seed_keypair(publicKey, privateKey, seed);
      return {
        publicKey,
        sign: (message) => {
          const signature = new Uint8Array(SIGNATURE_BYTES);
          sodium.crypto_sign_detached(signature, message, privateKey);
          return signature;
        },
      };
    },
    verify: (publicKey, message, signature) =>
      sodium.crypto_sign_verify_detached(signature, message, publicKey),
    seal: (key, nonce, plaintext) => {
      const sealed = new Uint8Array(plaintext.length + TAG_BYTES);
      sodium.crypto_aead_chacha20poly1305_ietf_encrypt(sealed, plaintext, null, null, nonce, key);
      return sealed;
    },
    open: (key, nonce, ciphertext) => {
      const plaintext = new Uint8Array(ciphertext.length - TAG_BYTES);
      const isOpen = succeeds(() => {
        sodium.crypto_aead_chacha20poly1305_ietf_decrypt(
          ...([plaintext, null, ciphertext, null, nonce, key] as const),
        );
      });
      return isOpen ? plaintext : null;
    },
    blake2b512: (bytes) => {
      const hash = new Uint8Array(HASH_BYTES);
      sodium.crypto_generichash(hash, bytes);
      return hash;
    },
    entropy: (length) => {
      const bytes = new Uint8Array(length);
      sodium.randombytes_buf(bytes);
      return bytes;
    },
  };
}

/** The lengths were checked before, so what throws here are keys and ciphertexts alone. */
function succeeds(step: () => void): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}
