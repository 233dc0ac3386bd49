/** Which implementations do the work of hashing and signing in this process. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak256, useKeccak256 } from "../abi/keccak256.js";
import { useSha256 } from "../abi/sha256.js";
import { useBase64 } from "../dm3/base64.js";
import { type RecoverPublicKey, useRecovery } from "../dm3/keys/walletSignature.js";
import { type EcdsaSign, portableEcdsaSign } from "../gateway/gatewaySigner.js";
import { nativeEcdsaSign, nativeRecovery } from "./nativeEcdsa.js";
import { nodeBase64 } from "./nodeBase64.js";
import { nodeSha256 } from "./nodeSha256.js";
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
  useSha256(nodeSha256);
  useBase64(nodeBase64);
  useRecovery(await fastestRecovery());
  const native = await nativeEcdsaSign();
  if (native && agree(native)) return { ecdsaSign: native, slowness: null };
  return {
    ecdsaSign: portableEcdsaSign,
    slowness:
      "No compiled libsecp256k1 for this platform: answers are signed by JavaScript, which takes about eight times as long. It comes for Linux on x64, macOS on Apple silicon and Windows on x64; elsewhere run `npm rebuild secp256k1` with a C++ compiler and Python installed.",
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

/** The portable one is small, for the sake of browsers; this one is twice as fast, the compiled one thirty times. */
const recoverByCurves: RecoverPublicKey = (digest, compact, recovery) =>
  secp256k1.Signature.fromBytes(compact, "compact")
    .addRecoveryBit(recovery)
    .recoverPublicKey(digest)
    .toBytes(false);

async function fastestRecovery(): Promise<RecoverPublicKey> {
  const native = await nativeRecovery();
  if (!native) return recoverByCurves;
  const digest = keccak256(new Uint8Array([1]));
  const { compact, recovery } = portableEcdsaSign(digest, keccak256(new Uint8Array([2])));
  const [theirs, ours] = [native, recoverByCurves].map((recover) =>
    recover(digest, compact, recovery === 0 ? 0 : 1),
  );
  return ours?.every((byte, index) => byte === theirs?.[index]) === true ? native : recoverByCurves;
}
