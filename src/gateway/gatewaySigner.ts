/** The key that signs answers: what the gateway needs of it, and the kind that lives in our own memory. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { SignpostError } from "../errors.js";

/** Remote signers and key management services implement this as well: the key itself never shows. */
export interface GatewaySigner {
  /** The address that the resolver must have among its signers, 20 bytes. */
  readonly address: Uint8Array;
  /**
   * Raw ECDSA over a 32-byte digest: 65 bytes r ‖ s ‖ v with low s and v 27 or 28, the only form that
   * OpenZeppelin's ECDSA accepts.
   */
  signDigest(digest: Uint8Array): Promise<Uint8Array>;
}

/** A signer from a 32-byte private key. Throws INVALID_CONFIGURATION when it is none. */
export function localGatewaySigner(privateKey: Uint8Array): GatewaySigner {
  if (!secp256k1.utils.isValidSecretKey(privateKey)) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "The key of the gatewaySigner must be a secp256k1 private key: 0x and 64 hexadecimal digits.",
    );
  }
  const publicKey = secp256k1.getPublicKey(privateKey, false);
  return {
    // the last 20 bytes of the hash of the public key, without its 0x04 prefix
    address: keccak_256(publicKey.subarray(1)).subarray(12),
    signDigest: (digest) => Promise.resolve(signRecoverable(digest, privateKey)),
  };
}

function signRecoverable(digest: Uint8Array, privateKey: Uint8Array): Uint8Array {
  const recoverable = secp256k1.sign(digest, privateKey, { prehash: false, format: "recovered" });
  // the library puts the recovery bit first; Ethereum puts it last, as 27 or 28
  const signature = new Uint8Array(65);
  signature.set(recoverable.subarray(1));
  signature[64] = 27 + (recoverable[0] ?? 0);
  return signature;
}
