/** Which implementations do the work of hashing and signing in this process. */
import { keccak256, useKeccak256 } from "../abi/keccak256.js";
import { type EcdsaSign, portableEcdsaSign } from "../gateway/gatewaySigner.js";
import { nativeEcdsaSign } from "./nativeEcdsa.js";
import { wasmKeccak256 } from "./wasmKeccak.js";

export interface Engines {
  readonly ecdsaSign: EcdsaSign;
  /** For the operator, when something slower than usual is in use; null otherwise. */
  readonly slowness: string | null;
}

let loading: Promise<Engines> | undefined;

/** The fastest that this machine has, loaded once a process. */
export function loadEngines(): Promise<Engines> {
  return (loading ??= load());
}

async function load(): Promise<Engines> {
  useKeccak256(await wasmKeccak256());
  const native = await nativeEcdsaSign();
  if (native && agree(native)) return { ecdsaSign: native, slowness: null };
  return {
    ecdsaSign: portableEcdsaSign,
    slowness:
      "No compiled libsecp256k1 for this platform: answers are signed by JavaScript, which takes about eight times as long. Linux and macOS on common processors have it; elsewhere run `npm rebuild secp256k1` with a C++ compiler and Python installed.",
  };
}

/** Both are deterministic (RFC 6979), so for one digest and key there is one signature. */
function agree(native: EcdsaSign): boolean {
  const digest = keccak256(new Uint8Array([1]));
  const key = keccak256(new Uint8Array([2]));
  const [theirs, ours] = [native(digest, key), portableEcdsaSign(digest, key)];
  return (
    theirs.recovery === ours.recovery &&
    theirs.compact.every((byte, index) => byte === ours.compact[index])
  );
}
