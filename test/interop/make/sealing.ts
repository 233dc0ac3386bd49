/** DM3's keys, encryption and signatures, from the standards that they are made of. */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { canonical } from "./canonical.js";

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Every byte the same, so that an implementation can write it down. */
export const filled = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte);

export interface Keys {
  readonly encryptionPrivateKey: Uint8Array;
  readonly publicEncryptionKey: string;
  readonly signingSeed: Uint8Array;
  readonly publicSigningKey: string;
}

/** Both key pairs of a profile, of one seed of 32 bytes. */
export function keysOf(seed: Uint8Array): Keys {
  const encryptionPrivateKey = blake2b(seed, { dkLen: 32 });
  return {
    encryptionPrivateKey,
    publicEncryptionKey: base64(x25519.getPublicKey(encryptionPrivateKey)),
    signingSeed: seed,
    publicSigningKey: base64(ed25519.getPublicKey(seed)),
  };
}

export interface Chance {
  readonly ephemPrivateKey: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
}

export interface Sealed {
  /** X25519 of both. */
  readonly secret: Uint8Array;
  readonly key: Uint8Array;
  /** Canonical JSON. */
  readonly text: string;
}

export function seal(
  receiverKey: string,
  text: string,
  { ephemPrivateKey, nonce }: Chance,
): Sealed {
  const receiver = new Uint8Array(Buffer.from(receiverKey, "base64"));
  const ephemPublicKey = x25519.getPublicKey(ephemPrivateKey);
  const secret = x25519.getSharedSecret(ephemPrivateKey, receiver);
  const hashed = Buffer.concat([secret, ephemPublicKey, receiver]);
  const key = blake2b(hashed, { dkLen: 64 }).subarray(32);
  const ciphertext = chacha20poly1305(key, nonce).encrypt(padded(text));
  const sealed = {
    ciphertext: base64(ciphertext),
    ephemPublicKey: base64(ephemPublicKey),
    nonce: `0x${Buffer.from(nonce).toString("hex")}`,
  };
  return { secret, key, text: canonical(sealed) };
}

/** ISO/IEC 7816-4, to blocks of 2048 bytes. */
function padded(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const whole = new Uint8Array((Math.floor(bytes.length / 2048) + 1) * 2048);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  return whole;
}

/** Base64. */
export function sign(seed: Uint8Array, text: string): string {
  return base64(ed25519.sign(new TextEncoder().encode(text), seed));
}
