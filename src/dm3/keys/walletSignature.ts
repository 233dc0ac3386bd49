/** Signatures of Ethereum wallets over text: EIP-191 (personal_sign) and recovery of the signer. */
import { recoverPublicKey, Signature } from "@noble/secp256k1";
import type { Digest } from "../../abi/digest.js";
import { keccak256 } from "../../abi/keccak256.js";
import { type Address, addressOfPublicKey } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { readKeySignature } from "./keySignature.js";

const SIGNATURE_BYTES = 65;

/**
 * The public key (65 bytes, uncompressed) whose private one made the signature over the digest; throws for none.
 * @param compact r and s, 64 bytes
 */
export type RecoverPublicKey = (digest: Digest, compact: Uint8Array, recovery: 0 | 1) => Uint8Array;

const recoverAnywhere: RecoverPublicKey = (digest, compact, recovery) => {
  const signature = new Uint8Array(SIGNATURE_BYTES);
  signature[0] = recovery;
  signature.set(compact, 1);
  return recoverPublicKey(signature, digest, { prehash: false, isCompressed: false });
};

let implementation = recoverAnywhere;

/** For the start of a program; as with `useKeccak256`, nothing but speed depends on which one is in use. */
export function useRecovery(faster: RecoverPublicKey): void {
  implementation = faster;
}

/** What a wallet signs when it is asked to sign `message`: EIP-191, version 0x45. */
export function personalMessageDigest(message: string): Digest {
  const encoder = new TextEncoder();
  const text = encoder.encode(message);
  const prefix = encoder.encode(`\x19Ethereum Signed Message:\n${text.length}`);
  const signed = new Uint8Array(prefix.length + text.length);
  signed.set(prefix);
  signed.set(text, prefix.length);
  return keccak256(signed);
}

/**
 * The address whose key made the signature over the digest.
 * @param signature 65 bytes: r, s, v, where v is 27 or 28, 0 or 1 as some hardware wallets write it, or 37 or 38;
 *   or 64 bytes by EIP-2098
 * @param malformedCode what to throw when the signature is not of that form
 * @throws `malformedCode`, or WRONG_SIGNER when no key at all can have made it
 */
export function recoverSigner(
  digest: Digest,
  signature: Uint8Array,
  malformedCode: "INVALID_PROFILE" | "INVALID_REQUEST",
): Address {
  const read = readKeySignature(signature);
  if (read === null) throw new SignpostError(malformedCode, whyMalformed(signature));
  const { compact, yParity: recovery } = read;
  const parsed = attempt(() => Signature.fromBytes(compact, "compact"));
  if (parsed.hasHighS()) {
    // (r, n - s) is a second valid signature that anyone can compute from the first. OpenZeppelin and ethers
    // refuse it, so whoever relies on them would not find a profile genuine that we had accepted.
    throw new SignpostError(
      malformedCode,
      "The wallet signature has a high s value (EIP-2). Sign again with a wallet that makes canonical signatures.",
    );
  }
  return addressOfPublicKey(attempt(() => implementation(digest, compact, recovery)));
}

/**
 * The address whose key made `compact` (r and s, 64 bytes) over the digest, if the point's y has this parity; null where
 * no key can have made it.
 */
export function recoverAddress(
  digest: Digest,
  compact: Uint8Array,
  recovery: 0 | 1,
): Address | null {
  try {
    return addressOfPublicKey(implementation(digest, compact, recovery));
  } catch {
    return null;
  }
}

function whyMalformed(signature: Uint8Array): string {
  return signature.length === SIGNATURE_BYTES
    ? `The last byte of a wallet signature (v) is 27, 28, 0 or 1, but here it is ${signature[64] ?? 0}. Sign with personal_sign.`
    : `A key's signature has 65 bytes, or 64 by EIP-2098, but this one has ${signature.length}. Give r, s and v, 65 bytes together.`;
}

function attempt<T>(step: () => T): T {
  try {
    return step();
  } catch (cause) {
    throw new SignpostError(
      "WRONG_SIGNER",
      "No key can have made this wallet signature: it was altered. Sign the message again.",
      {},
      { cause },
    );
  }
}
