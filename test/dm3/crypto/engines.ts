/** The three engines, for tests that hold for each. */
import { randomBytes, webcrypto } from "node:crypto";
import type { CryptoEngine } from "../../../src/dm3/crypto/cryptoEngine.js";
import { nobleEngine } from "../../../src/dm3/crypto/nobleEngine.js";
import { webEngine } from "../../../src/dm3/crypto/webEngine.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";

const entropy = (length: number) => new Uint8Array(randomBytes(length));

export const ENGINES: Readonly<Record<"node" | "web" | "noble", CryptoEngine>> = {
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
