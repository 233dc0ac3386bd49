/** Which engine works in this runtime: what some lack shows only when it is tried. */
import { sameBytes } from "../../abi/bytes.js";
import type { CryptoEngine } from "./cryptoEngine.js";

/**
 * The first that does everything that messages need; null where none does.
 * @param engines the fastest first
 */
export async function workingEngine(
  engines: readonly CryptoEngine[],
): Promise<CryptoEngine | null> {
  for (const engine of engines) {
    if (await works(engine)) return engine;
  }
  return null;
}

async function works(engine: CryptoEngine): Promise<boolean> {
  try {
    const bytes = new Uint8Array(32).fill(1);
    const [own, other] = [await engine.encryptionKey(bytes), await engine.freshEncryptionKey()];
    const [secret, again] = [await own.agree(other.publicKey), await other.agree(own.publicKey)];
    if (secret === null || again === null || !sameBytes(secret, again)) return false;
    const key = (await engine.blake2b512(secret)).subarray(32);
    const nonce = engine.entropy(12);
    const opened = await engine.open(key, nonce, await engine.seal(key, nonce, bytes));
    if (opened === null || !sameBytes(opened, bytes)) return false;
    const signingKey = await engine.signingKey(bytes);
    const signature = await signingKey.sign(bytes);
    return await engine.verify(signingKey.publicKey, bytes, signature);
  } catch {
    return false;
  }
}
