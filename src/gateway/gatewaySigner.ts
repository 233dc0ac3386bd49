/** The key that signs answers: what the gateway needs of it, and the kind that lives in our own memory. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import type { Digest } from "../abi/digest.js";
import { type Address, addressOfPublicKey } from "../ens/address.js";
import { SignpostError } from "../errors.js";

/** Remote signers and key management services implement this as well: the key itself never shows. */
export interface GatewaySigner {
  /** The address that the resolver must have among its signers. */
  readonly address: Address;
  /**
   * Raw ECDSA over a 32-byte digest: 65 bytes r ‖ s ‖ v with low s and v 27 or 28, the only form that
   * OpenZeppelin's ECDSA accepts.
   */
  signDigest(digest: Digest): Promise<Uint8Array>;
  /**
   * The same where signatures wait for their turn: the digest is made when the turn has come, so that it can cover what
   * arrived meanwhile. Null, and nothing is signed, when there is nothing to sign any more.
   */
  readonly signInTurn?: (makeDigest: () => Digest | null) => Promise<Uint8Array | null>;
}

/** `signInTurn` of any signer: where signatures do not wait, the turn has come. */
export function signInTurn(
  signer: GatewaySigner,
  makeDigest: () => Digest | null,
): Promise<Uint8Array | null> {
  if (signer.signInTurn) return signer.signInTurn(makeDigest);
  const digest = makeDigest();
  return digest === null ? Promise.resolve(null) : signer.signDigest(digest);
}

/** Before the signatures for one answer each that wait: many answers depend on it. */
export async function signForMany(signer: GatewaySigner, digest: Digest): Promise<Uint8Array> {
  return (await signInTurn(signer, () => digest)) ?? signer.signDigest(digest);
}

/** Deterministic ECDSA (RFC 6979) with low s: `compact` is r ‖ s, 64 bytes, `recovery` 0 or 1. */
export type EcdsaSign = (digest: Digest, privateKey: Uint8Array) => EcdsaSignature;

interface EcdsaSignature {
  readonly compact: Uint8Array;
  readonly recovery: number;
}

/** A signer from a 32-byte private key. Throws INVALID_CONFIGURATION when it is none. */
export function localGatewaySigner(
  privateKey: Uint8Array,
  sign: EcdsaSign = portableEcdsaSign,
): GatewaySigner {
  if (!secp256k1.utils.isValidSecretKey(privateKey)) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "The key of the gatewaySigner must be a secp256k1 private key: 0x and 64 hexadecimal digits.",
    );
  }
  const publicKey = secp256k1.getPublicKey(privateKey, false);
  return {
    address: addressOfPublicKey(publicKey),
    signDigest: (digest) => Promise.resolve(ethereumSignature(sign(digest, privateKey))),
  };
}

function ethereumSignature({ compact, recovery }: EcdsaSignature): Uint8Array {
  const signature = new Uint8Array(65);
  signature.set(compact);
  signature[64] = 27 + recovery;
  return signature;
}

export const portableEcdsaSign: EcdsaSign = (digest, privateKey) => {
  const signature = secp256k1.sign(digest, privateKey, { prehash: false, format: "recovered" });
  // the library puts the recovery bit first
  return { compact: signature.subarray(1), recovery: signature[0] ?? 0 };
};
