/**
 * What every engine checks before it computes, because libraries do not, or not alike: a 33-byte X25519 key in DER is
 * taken by Node, and keys of small order verify any text there.
 */
import { SignpostError } from "../../errors.js";
import type { CryptoEngine, EncryptionKey, SigningKey } from "./cryptoEngine.js";

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

/**
 * The y of the points whose order divides 8, in every spelling, without the sign of x (the highest bit): 0, 1, the two of
 * order 8, p - 1, and p and p + 1, which are 0 and 1 again. Lower-case hex, little-endian, as in RFC 8032.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
]);

const FIRST_BYTES: ReadonlySet<number> = new Set(
  [...SMALL_ORDER].map((y) => parseInt(y.slice(0, 2), 16)),
);

/** @param bytes begin with the point: a public key is one, a signature begins with one */
function isOfSmallOrder(bytes: Uint8Array): boolean {
  // nearly all points are told by their first byte
  if (!FIRST_BYTES.has(bytes[0] ?? 0)) return false;
  const y = bytes.slice(0, KEY_BYTES);
  y[KEY_BYTES - 1] = (y[KEY_BYTES - 1] ?? 0) & 0x7f;
  return SMALL_ORDER.has(toHexDigits(y));
}

function toHexDigits(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function assertLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `${what} has ${length} bytes, but this one has ${bytes.length}. Give it as the profile or the key pair has it.`,
    );
  }
}
