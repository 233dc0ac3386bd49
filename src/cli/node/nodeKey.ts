/** A relay node's signing key from a file, as the operator of the node has it. No sentence shows anything of it. */
import { x25519 } from "@noble/curves/ed25519.js";
import { decodeBase64, encodeBase64 } from "../../dm3/base64.js";
import { deriveSigningKeyPair, type KeyPair } from "../../dm3/keys/keys.js";
import { SignpostError } from "../../errors.js";
import { readSecretFile, shownPath } from "../../operator-keys/secretFile.js";

export interface NodeKey {
  readonly signingKeyPair: KeyPair;
  /** Base64; null where the file has the signing key alone. */
  readonly publicEncryptionKey: string | null;
}

/** Of the file, in base64. */
interface GivenKeys {
  readonly signing: string;
  readonly publicEncryption?: string | undefined;
  readonly encryption?: string | undefined;
}

const SEED_BYTES = 32;
const SECRET_KEY_BYTES = 64;

/**
 * The file holds one of
 *
 *   base64 of the Ed25519 seed, 32 bytes, or of libsodium's secret key, 64 bytes: the seed and the public key behind it
 *   JSON of both key pairs, {"signingKeyPair": {"privateKey"}, "encryptionKeyPair": {"publicKey"}}, as dm3's libraries have them
 *   SIGNING_PRIVATE_KEY=... and ENCRYPTION_PUBLIC_KEY=..., as the .env of dm3's delivery service, or JSON of the same
 *
 * Throws INVALID_CONFIGURATION for a file that others may read, INVALID_REQUEST for one without a key.
 */
export async function readNodeKey(file: string): Promise<NodeKey> {
  const text = await readSecretFile(file, "key file", "key");
  try {
    const { signing, publicEncryption, encryption } = keysIn(text.trim());
    const signingKeyPair = keyPairOf(decodeBase64(signing));
    const publicEncryptionKey =
      publicEncryption ??
      (encryption === undefined
        ? null
        : encodeBase64(x25519.getPublicKey(decodeBase64(encryption))));
    return { signingKeyPair, publicEncryptionKey };
  } catch {
    // without a cause, because errors of JSON quote what they read
    throw new SignpostError(
      "INVALID_REQUEST",
      `There is no signing key in ${shownPath(file)}. Write base64 of its 32 bytes (or 64, with the public key) into it, or SIGNING_PRIVATE_KEY=... as dm3's delivery service has it.`,
    );
  }
}

function keysIn(text: string): GivenKeys {
  if (text.startsWith("{")) return keysOfJson(JSON.parse(text));
  if (/^\s*(?:export\s+)?SIGNING_PRIVATE_KEY\s*=/m.test(text))
    return keysOfVariables(variables(text));
  return { signing: text };
}

function keysOfJson(json: unknown): GivenKeys {
  const { signingKeyPair, encryptionKeyPair, ...others } = Object(json) as Readonly<
    Record<string, Readonly<Record<string, string>> | undefined>
  >;
  if (signingKeyPair === undefined) return keysOfVariables(others as Record<string, never>);
  return {
    signing: String(signingKeyPair["privateKey"]),
    publicEncryption: encryptionKeyPair?.["publicKey"],
    encryption: encryptionKeyPair?.["privateKey"],
  };
}

function keysOfVariables(given: Readonly<Record<string, string | undefined>>): GivenKeys {
  return {
    signing: String(given["SIGNING_PRIVATE_KEY"]),
    publicEncryption: given["ENCRYPTION_PUBLIC_KEY"],
    encryption: given["ENCRYPTION_PRIVATE_KEY"],
  };
}

function variables(text: string): Readonly<Record<string, string>> {
  const lines = text.matchAll(/^\s*(?:export\s+)?([A-Z_]+)\s*=\s*(["']?)(\S*?)\2\s*$/gm);
  return Object.fromEntries([...lines].map(([, name = "", , value = ""]) => [name, value]));
}

/** Throws a plain Error for what is no key, or has another's public half behind it. */
function keyPairOf(bytes: Uint8Array): KeyPair {
  if (bytes.length !== SEED_BYTES && bytes.length !== SECRET_KEY_BYTES) throw new Error("length");
  const pair = deriveSigningKeyPair(bytes.subarray(0, SEED_BYTES));
  const publicHalf = bytes.subarray(SEED_BYTES);
  if (publicHalf.some((byte, index) => byte !== pair.publicKey[index])) throw new Error("halves");
  return pair;
}
