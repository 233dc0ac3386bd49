/** Signers whose key is in our own memory. */
import { type GatewaySigner, localGatewaySigner } from "../gateway/gatewaySigner.js";
import { loadEngines } from "./engines.js";

interface LocalSigner extends GatewaySigner {
  close(): Promise<void>;
}

/**
 * From a private key (32 bytes). It signs where it is asked: one signature for many answers costs less than messages to a
 * thread and back. Throws INVALID_CONFIGURATION when it is no key.
 */
export async function localSigner(privateKey: Uint8Array): Promise<LocalSigner> {
  const { ecdsaSign } = await loadEngines();
  return { ...localGatewaySigner(privateKey, ecdsaSign), close: () => Promise.resolve() };
}
