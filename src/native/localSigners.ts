/** Signers whose key is in our own memory. */
import { type GatewaySigner, localGatewaySigner } from "../gateway/gatewaySigner.js";
import { loadEngines } from "./engines.js";
import { type SigningThread, startSigningThread } from "./signingThread.js";

interface LocalSigner extends GatewaySigner {
  close(): Promise<void>;
}

/** From a private key (32 bytes). Throws INVALID_CONFIGURATION when it is none. */
export type OpenLocalSigner = (privateKey: Uint8Array) => Promise<LocalSigner>;

/** Signs where it is asked. */
export const signerHere: OpenLocalSigner = async (privateKey) => {
  const { ecdsaSign } = await loadEngines();
  return { ...localGatewaySigner(privateKey, ecdsaSign), close: () => Promise.resolve() };
};

/** Signs in a thread of its own, which is worth it where there is a core for it, and a compiled library to sign by. */
export const signerInThread: OpenLocalSigner = async (privateKey) => {
  const { ecdsaSign, slowness } = await loadEngines();
  if (slowness !== null) return signerHere(privateKey);
  let thread: SigningThread | undefined;
  const signer = localGatewaySigner(privateKey, (digest) => {
    thread ??= startSigningThread(privateKey, ecdsaSign);
    return thread.sign(digest);
  });
  return { ...signer, close: async () => thread?.close() };
};
