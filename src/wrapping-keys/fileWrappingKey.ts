/** A wrapping key in a file of its own: 0x and 64 hexadecimal digits. */
import { createHmac, randomBytes } from "node:crypto";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { fromHex, toHex } from "../abi/hex.js";
import { SignpostError } from "../errors.js";
import { readSecretFile, shownPath, writeNewSecretFile } from "../operator-keys/secretFile.js";
import { decrypt, encrypt, KEY_BYTES, takeKey } from "../sealing/aesGcm.js";
import type { WrappingKey } from "../sealing/wrappingKey.js";

/** How much of the fingerprint names a key; it tells keys apart, and nothing of the key. */
const ID_DIGITS = 16;

/** Throws INVALID_CONFIGURATION when there is no such file, it holds no key, or others can read it. */
export async function fileWrappingKey(file: string): Promise<WrappingKey> {
  const text = await readSecretFile(file, "file of the key for secrets", "key");
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The file ${shownPath(file)} does not hold a key for secrets (0x and 64 hexadecimal digits). Restore it from your backup, or correct the path.`,
    );
  }
  const key = takeKey(fromHex(text));
  const fingerprint = createHmac("sha256", key).update("signpost wrapping key").digest("hex");
  const id = `file:${fingerprint.slice(0, ID_DIGITS)}`;
  return {
    description: `the file ${shownPath(file)}`,
    id: () => Promise.resolve(id),
    wrap: (dataKey, dataKeyId) => Promise.resolve(encrypt(key, dataKey, boundTo(dataKeyId))),
    unwrap: (wrapped, dataKeyId) => Promise.resolve(decrypt(key, wrapped, boundTo(dataKeyId))),
    close: () => undefined,
  };
}

/** Makes a random key in a new file. Throws INVALID_REQUEST when the file exists, or cannot be written. */
export async function makeKeyFile(file: string): Promise<void> {
  const key = randomBytes(KEY_BYTES);
  await writeNewSecretFile(file, `${toHex(key)}\n`);
  key.fill(0);
}

function boundTo(dataKeyId: string): Uint8Array {
  return utf8ToBytes(`signpost data key ${dataKeyId}`);
}
