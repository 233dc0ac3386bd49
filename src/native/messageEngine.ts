/** Which engine does the cryptography of messages on this machine. */
import type { CryptoEngine } from "../dm3/crypto/cryptoEngine.js";
import { workingEngine } from "../dm3/crypto/workingEngine.js";
import { nodeEngine } from "./nodeEngine.js";
import { sodiumEngine } from "./sodiumEngine.js";

let loading: Promise<CryptoEngine> | undefined;

/** The fastest that works, found once a process. */
export function messageEngine(): Promise<CryptoEngine> {
  return (loading ??= compiledEngines().then(
    async (engines) => (await workingEngine(engines)) ?? nodeEngine,
  ));
}

/** libsodium where its package is installed, and Node's own; the fastest first. */
export async function compiledEngines(): Promise<readonly CryptoEngine[]> {
  const sodium = await sodiumEngine();
  return sodium === null ? [nodeEngine] : [sodium, nodeEngine];
}
