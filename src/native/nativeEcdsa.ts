/** ECDSA by libsecp256k1, the C library that Ethereum's own nodes sign with. */
import { randomBytes } from "node:crypto";
import type { Digest } from "../abi/digest.js";
import type { RecoverPublicKey } from "../dm3/keys/walletSignature.js";
import type { EcdsaSign } from "../gateway/gatewaySigner.js";

/** What we use of the package secp256k1, which brings no types. */
interface Secp256k1 {
  contextRandomize(seed: Uint8Array): void;
  ecdsaSign(digest: Digest, privateKey: Uint8Array): { signature: Uint8Array; recid: number };
  ecdsaRecover(
    signature: Uint8Array,
    recid: number,
    digest: Digest,
    compressed: boolean,
  ): Uint8Array;
}

/** Null where no compiled library exists for this platform: the package would fall back to slow JavaScript. */
export async function nativeEcdsaSign(): Promise<EcdsaSign | null> {
  const secp256k1 = await loadBindings();
  if (!secp256k1) return null;
  // blinds the secret against who measures time or power
  secp256k1.contextRandomize(randomBytes(32));
  return (digest, privateKey) => {
    const { signature, recid } = secp256k1.ecdsaSign(digest, privateKey);
    return { compact: signature, recovery: recid };
  };
}

/** Null where no compiled library exists for this platform. */
export async function nativeRecovery(): Promise<RecoverPublicKey | null> {
  const secp256k1 = await loadBindings();
  return (
    secp256k1 &&
    ((digest, compact, recovery) => secp256k1.ecdsaRecover(compact, recovery, digest, false))
  );
}

async function loadBindings(): Promise<Secp256k1 | null> {
  const bindings = "secp256k1/bindings.js"; // never its index, which hides the fallback
  try {
    return ((await import(bindings)) as { default: Secp256k1 }).default;
  } catch {
    return null;
  }
}
