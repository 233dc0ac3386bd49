/**
 * x25519-chacha20-poly1305, as dm3 names it: for each message a fresh X25519 key pair, whose secret with the receiver's key
 * gives the key of the cipher by libsodium's `crypto_kx`; the writer is its client, the receiver its server.
 *
 *   secret = X25519(fresh private key, receiver's public key)
 *   key    = bytes 32 to 63 of BLAKE2b-512(secret || fresh public key || receiver's public key)
 *   sealed = ChaCha20-Poly1305(key, random nonce, UTF-8 of the text with ISO/IEC 7816-4 padding)
 *
 * It travels as text: the canonical JSON of {ciphertext: base64, ephemPublicKey: base64, nonce: 0x hex}.
 */
import { fromHex, toHex } from "../../abi/hex.js";
import { decodeUtf8 } from "../../abi/utf8.js";
import { SignpostError } from "../../errors.js";
import { decodeBase64, encodeBase64 } from "../base64.js";
import type { Awaitable, CryptoEngine, EncryptionKey } from "../crypto/cryptoEngine.js";
import { padded, unpadded } from "./padding.js";

export const ENCRYPTION_SCHEME = "x25519-chacha20-poly1305";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const NONCE = /^0x[0-9a-fA-F]{24}$/;
/** Base64 of 32 bytes. */
const KEY_CHARS = 44;

interface Sealed {
  readonly ciphertext: Uint8Array;
  /** 32 bytes. */
  readonly ephemPublicKey: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
}

/**
 * @param receiverKey base64 of 32 bytes: `publicEncryptionKey` of a profile
 * @param fresh a key pair that this message alone uses. One for all of its receivers is enough, because the receiver's key
 *   goes into the cipher's: so each has another one
 * @returns ciphertext, fresh public key and nonce as JSON text
 * @throws INVALID_PROFILE for a key that nothing can be encrypted for
 */
export async function encryptText(
  engine: CryptoEngine,
  receiverKey: string,
  text: string,
  fresh: Awaitable<EncryptionKey> = engine.freshEncryptionKey(),
): Promise<string> {
  const writer = await fresh;
  const receiver = publicEncryptionKeyOf(receiverKey);
  const secret = await writer.agree(receiver);
  if (secret === null) throw unusableKey();
  const key = await cipherKey(engine, secret, writer.publicKey, receiver);
  const nonce = engine.entropy(NONCE_BYTES);
  const ciphertext = encodeBase64(await engine.seal(key, nonce, padded(text)));
  const ephemPublicKey = encodeBase64(writer.publicKey);
  // nothing in these has to be escaped, and this is their canonical order
  return `{"ciphertext":"${ciphertext}","ephemPublicKey":"${ephemPublicKey}","nonce":"${toHex(nonce)}"}`;
}

/**
 * The text; null where it was encrypted for another key, or altered; "malformed" where it is not of this form, or what
 * was encrypted is no padded text.
 */
export async function decryptText(
  engine: CryptoEngine,
  receiver: EncryptionKey,
  encrypted: string,
): Promise<{ readonly text: string } | null | "malformed"> {
  const sealed = readSealed(encrypted);
  if (sealed === null) return "malformed";
  const secret = await receiver.agree(sealed.ephemPublicKey);
  if (secret === null) return "malformed";
  const key = await cipherKey(engine, secret, sealed.ephemPublicKey, receiver.publicKey);
  const opened = await engine.open(key, sealed.nonce, sealed.ciphertext);
  if (opened === null) return null;
  const bytes = unpadded(opened);
  if (bytes === null) return "malformed";
  try {
    return { text: decodeUtf8(bytes) };
  } catch {
    return "malformed";
  }
}

async function cipherKey(
  engine: CryptoEngine,
  secret: Uint8Array,
  clientKey: Uint8Array,
  serverKey: Uint8Array,
): Promise<Uint8Array> {
  const input = new Uint8Array(3 * KEY_BYTES);
  input.set(secret);
  input.set(clientKey, KEY_BYTES);
  input.set(serverKey, 2 * KEY_BYTES);
  return (await engine.blake2b512(input)).subarray(KEY_BYTES);
}

function readSealed(encrypted: string): Sealed | null {
  try {
    const { ciphertext, ephemPublicKey, nonce } = Object(JSON.parse(encrypted)) as {
      readonly [Field in keyof Sealed]?: unknown;
    };
    if (typeof ciphertext !== "string" || typeof ephemPublicKey !== "string") return null;
    if (typeof nonce !== "string" || !NONCE.test(nonce)) return null;
    if (ephemPublicKey.length !== KEY_CHARS) return null;
    const key = decodeBase64(ephemPublicKey);
    if (key.length !== KEY_BYTES) return null;
    return { ciphertext: decodeBase64(ciphertext), ephemPublicKey: key, nonce: fromHex(nonce) };
  } catch {
    return null;
  }
}

function publicEncryptionKeyOf(base64: string): Uint8Array {
  const key = base64.length === KEY_CHARS ? decodeBase64(base64) : null;
  if (key?.length !== KEY_BYTES) throw unusableKey();
  return key;
}

function unusableKey(): SignpostError {
  return new SignpostError(
    "INVALID_PROFILE",
    "Nothing can be encrypted for this publicEncryptionKey. Ask its owner to publish the profile again.",
    { field: "publicEncryptionKey" },
  );
}
