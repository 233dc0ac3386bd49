/**
 * DM3's cryptography by node:crypto. Public keys, of which each message brings some, are read as JWK (RFC 8037), in a
 * fifteenth of the time that DER takes.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from "node:crypto";
import { checkedEngine } from "../dm3/crypto/checkedEngine.js";
import type { CryptoEngine, EncryptionKey } from "../dm3/crypto/cryptoEngine.js";
import { type Curve, pkcs8 } from "../dm3/crypto/pkcs8.js";

const CIPHER = "chacha20-poly1305";
const TAG = { authTagLength: 16 };

export const nodeEngine: CryptoEngine = checkedEngine({
  encryptionKey: (privateKey) => {
    const key = privateKeyOf("X25519", privateKey);
    return encryptionKeyOf(key, publicBytes(createPublicKey(key)));
  },
  freshEncryptionKey: () => {
    const { privateKey, publicKey } = generateKeyPairSync("x25519");
    return encryptionKeyOf(privateKey, publicBytes(publicKey));
  },
  signingKey: (seed) => {
    const key = privateKeyOf("Ed25519", seed);
    return {
      publicKey: publicBytes(createPublicKey(key)),
      sign: (message) => bytesOf(sign(null, message, key)),
    };
  },
  verify: (publicKey, message, signature) =>
    verify(null, message, publicKeyOf("Ed25519", publicKey), signature),
  seal: (key, nonce, plaintext) => {
    const cipher = createCipheriv(CIPHER, key, nonce, TAG);
    const sealed = new Uint8Array(plaintext.length + TAG.authTagLength);
    sealed.set(cipher.update(plaintext));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plaintext.length);
    return sealed;
  },
  open: (key, nonce, ciphertext) => {
    const end = ciphertext.length - TAG.authTagLength;
    const decipher = createDecipheriv(CIPHER, key, nonce, TAG);
    decipher.setAuthTag(ciphertext.subarray(end));
    const plaintext = decipher.update(ciphertext.subarray(0, end));
    try {
      decipher.final();
    } catch {
      return null;
    }
    return bytesOf(plaintext);
  },
  blake2b512: (bytes) => bytesOf(createHash("blake2b512").update(bytes).digest()),
  entropy: (length) => bytesOf(randomBytes(length)),
});

function encryptionKeyOf(privateKey: KeyObject, publicKey: Uint8Array): EncryptionKey {
  return {
    publicKey,
    agree: (otherPublicKey) => {
      try {
        const other = publicKeyOf("X25519", otherPublicKey);
        return bytesOf(diffieHellman({ privateKey, publicKey: other }));
      } catch {
        return null; // OpenSSL refuses a shared secret of zeros
      }
    },
  };
}

/** As DER, which has no public half that could be a wrong one. */
function privateKeyOf(curve: Curve, privateKey: Uint8Array): KeyObject {
  const key = Buffer.from(pkcs8(curve, privateKey));
  return createPrivateKey({ format: "der", type: "pkcs8", key });
}

function publicKeyOf(crv: Curve, publicKey: Uint8Array): KeyObject {
  return createPublicKey({ format: "jwk", key: { kty: "OKP", crv, x: base64Url(publicKey) } });
}

function publicBytes(key: KeyObject): Uint8Array {
  return bytesOf(Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url"));
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url");
}

/** Without Buffer's own methods, which mean other things: its `slice` does not copy. */
function bytesOf({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}
