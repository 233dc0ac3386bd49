/**
 * The port of DM3's cryptography: X25519 (RFC 7748), ChaCha20-Poly1305 (RFC 8439), BLAKE2b (RFC 7693), Ed25519
 * (RFC 8032) and fresh random bytes.
 *
 * Three engines fill it, and give the same results: Node's (src/native/nodeEngine.ts), the one of browsers
 * (webEngine.ts), and JavaScript alone (nobleEngine.ts). WebCrypto answers later and the others at once, so what the
 * former may do is a value or a promise of it; `await` takes both.
 */
export type Awaitable<T> = T | Promise<T>;

/** A private X25519 key, ready for use. */
export interface EncryptionKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /**
   * The secret shared with the owner of the other key, 32 bytes; null for a key of small order, which shares none.
   * @param otherPublicKey 32 bytes
   */
  agree(otherPublicKey: Uint8Array): Awaitable<Uint8Array | null>;
}

/** A private Ed25519 key, ready for use. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  sign(message: Uint8Array): Awaitable<Uint8Array>;
}

export interface CryptoEngine {
  /** @param privateKey 32 bytes; the public half is computed from it */
  encryptionKey(privateKey: Uint8Array): Awaitable<EncryptionKey>;
  /** A key pair that nobody had before. */
  freshEncryptionKey(): Awaitable<EncryptionKey>;
  /** @param seed 32 bytes, the first half of a dm3 signing key; the public half is computed from it */
  signingKey(seed: Uint8Array): Awaitable<SigningKey>;
  /**
   * Whether the key signed the message. As in libsodium, keys and signatures of small order never did.
   * @param publicKey 32 bytes
   * @param signature 64 bytes
   */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Awaitable<boolean>;
  /**
   * The ciphertext and its tag (16 bytes) behind it; without additional data.
   * @param key 32 bytes
   * @param nonce 12 bytes, never twice with one key
   */
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Awaitable<Uint8Array>;
  /** The plaintext of `seal`, or null where key, nonce or ciphertext are not those. */
  open(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array): Awaitable<Uint8Array | null>;
  /** BLAKE2b of 64 bytes. */
  blake2b512(bytes: Uint8Array): Awaitable<Uint8Array>;
  /** So many bytes from the system's source of chance. */
  entropy(length: number): Uint8Array;
}

/** The system's source of chance, where an engine is given one. */
export type Entropy = CryptoEngine["entropy"];
