/** The two key pairs behind a DM3 profile, derived from one seed exactly as dm3 (libsodium) does it. */
import { encodeBase64 } from "../base64.js";
import { ed25519PublicKey, x25519PublicKey } from "../crypto/publicHalves.js";
import { checkedSeed, encryptionPrivateKeyOf, SEED_BYTES } from "./privateHalves.js";

export interface KeyPair {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** X25519: 32 bytes. Ed25519: 64 bytes, the seed followed by the public key. */
  readonly privateKey: Uint8Array;
}

export interface ProfileKeys {
  /** X25519, for `publicEncryptionKey`. */
  readonly encryptionKeyPair: KeyPair;
  /** Ed25519, for `publicSigningKey`. */
  readonly signingKeyPair: KeyPair;
}

/**
 * @param seed 32 bytes that only the user knows: dm3 takes the storage key (see `storageKeyOf`)
 * @throws INVALID_REQUEST when the seed has another length
 */
export function deriveProfileKeys(seed: Uint8Array): ProfileKeys {
  return {
    encryptionKeyPair: deriveEncryptionKeyPair(seed),
    signingKeyPair: deriveSigningKeyPair(seed),
  };
}

/** libsodium's `crypto_kx_seed_keypair`. */
export function deriveEncryptionKeyPair(seed: Uint8Array): KeyPair {
  const privateKey = encryptionPrivateKeyOf(seed);
  return { publicKey: x25519PublicKey(privateKey), privateKey };
}

/** libsodium's `crypto_sign_seed_keypair`. */
export function deriveSigningKeyPair(seed: Uint8Array): KeyPair {
  const publicKey = ed25519PublicKey(checkedSeed(seed));
  const privateKey = new Uint8Array(SEED_BYTES + publicKey.length);
  privateKey.set(seed);
  privateKey.set(publicKey, SEED_BYTES);
  return { publicKey, privateKey };
}

/** The public halves as the fields of a profile: canonical base64. */
export function publicKeyFields(keys: ProfileKeys): {
  publicEncryptionKey: string;
  publicSigningKey: string;
} {
  return {
    publicEncryptionKey: encodeBase64(keys.encryptionKeyPair.publicKey),
    publicSigningKey: encodeBase64(keys.signingKeyPair.publicKey),
  };
}
