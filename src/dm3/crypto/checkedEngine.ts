/**
 * What every engine checks before it computes, because libraries do not, or not alike: lengths, and points of small order
 * where Ed25519 verifies (RFC 8032, section 5.1.7, leaves those to whoever verifies).
 */
import { SignpostError } from "../../errors.js";
import type { CryptoEngine, EncryptionKey, SigningKey } from "./cryptoEngine.js";
import { isOfSmallOrder } from "./smallOrder.js";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SIGNATURE_BYTES = 64;

/** The same engine, which throws INVALID_REQUEST for what has another length than the port says. */
export function checkedEngine(engine: CryptoEngine): CryptoEngine {
  return {
    encryptionKey: async (privateKey) => {
      assertLength("An encryption key", privateKey, KEY_BYTES);
      return checkedEncryptionKey(await engine.encryptionKey(privateKey));
    },
    freshEncryptionKey: () => {
      const key = engine.freshEncryptionKey();
      return key instanceof Promise ? key.then(checkedEncryptionKey) : checkedEncryptionKey(key);
    },
    signingKey: async (seed): Promise<SigningKey> => {
      assertLength("The seed of a signing key", seed, KEY_BYTES);
      return engine.signingKey(seed);
    },
    verify: (publicKey, message, signature) => {
      assertLength("A public signing key", publicKey, KEY_BYTES);
      assertLength("A signature", signature, SIGNATURE_BYTES);
      if (isOfSmallOrder(publicKey) || isOfSmallOrder(signature)) return false;
      return engine.verify(publicKey, message, signature);
    },
    seal: (key, nonce, plaintext) => {
      assertLength("A key", key, KEY_BYTES);
      assertLength("A nonce", nonce, NONCE_BYTES);
      return engine.seal(key, nonce, plaintext);
    },
    open: (key, nonce, ciphertext) => {
      assertLength("A key", key, KEY_BYTES);
      assertLength("A nonce", nonce, NONCE_BYTES);
      return ciphertext.length < TAG_BYTES ? null : engine.open(key, nonce, ciphertext);
    },
    blake2b512: (bytes) => engine.blake2b512(bytes),
    entropy: (length) => engine.entropy(length),
  };
}

function checkedEncryptionKey(key: EncryptionKey): EncryptionKey {
  return {
    publicKey: key.publicKey,
    agree: (otherPublicKey) => {
      assertLength("A public encryption key", otherPublicKey, KEY_BYTES);
      return key.agree(otherPublicKey);
    },
  };
}

function assertLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `${what} has ${length} bytes, but this one has ${bytes.length}. Give it as the profile or the key pair has it.`,
    );
  }
}
