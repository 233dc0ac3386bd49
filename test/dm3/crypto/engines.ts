/** The engines, for tests that hold for each. */
import { randomBytes, webcrypto } from "node:crypto";
import type { CryptoEngine } from "../../../src/dm3/crypto/cryptoEngine.js";
import { nobleEngine } from "../../../src/dm3/crypto/nobleEngine.js";
import { webEngine } from "../../../src/dm3/crypto/webEngine.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { sodiumEngine } from "../../../src/native/sodiumEngine.js";

const entropy = (length: number) => new Uint8Array(randomBytes(length));

/** Null on a platform that it is not compiled for. */
const sodium = await sodiumEngine();

export const ENGINES: Readonly<Record<"node" | "web" | "noble", CryptoEngine>> &
  Readonly<Partial<Record<"sodium", CryptoEngine>>> = {
  ...(sodium !== null && { sodium }),
  node: nodeEngine,
  web: webEngine(webcrypto.subtle as SubtleCrypto, entropy),
  noble: nobleEngine(entropy),
};

/** The same engine with an X25519 key and random bytes that are known before. */
export function predictable(
  engine: CryptoEngine,
  freshPrivateKey: Uint8Array,
  bytes: Uint8Array,
): CryptoEngine {
  return {
    ...engine,
    freshEncryptionKey: () => engine.encryptionKey(freshPrivateKey),
    entropy: (length) => bytes.slice(0, length),
  };
}
