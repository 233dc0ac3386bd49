/** What comes from a signer elsewhere is believed only when it recovers to the address that it claims. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { sameBytes } from "../abi/bytes.js";
import type { Digest } from "../abi/digest.js";
import { recoverAddress } from "../dm3/keys/walletSignature.js";
import { type Address, checksumAddress } from "../ens/address.js";
import { SignpostError } from "../errors.js";

const COMPACT_BYTES = 64;

/**
 * r ‖ s ‖ v with low s and v 27 or 28 for what `address` signed over `digest`. The signer may leave `v` away, and
 * with `canonical` false may use a high s, as key management services do.
 * @param compact r ‖ s, 64 bytes
 * @throws SIGNER_UNAVAILABLE when it is no signature, has a high s, or is by another key
 */
export function provenSignature(
  address: Address,
  digest: Digest,
  compact: Uint8Array,
  { canonical }: { readonly canonical: boolean },
): Uint8Array {
  const { r, s } = lowS(compact, canonical);
  const low = new secp256k1.Signature(r, s).toBytes("compact");
  for (const recovery of [0, 1] as const) {
    const signer = recoverAddress(digest, low, recovery);
    if (signer !== null && sameBytes(signer, address)) {
      return new Uint8Array([...low, 27 + recovery]);
    }
  }
  throw unusableSignature(
    "by another key",
    `The signer answered with a signature that is not by ${checksumAddress(address)}. If its key was changed, let Signpost read its signer again (SIGHUP); if not, find out what answers there.`,
  );
}

function lowS(compact: Uint8Array, canonical: boolean): { r: bigint; s: bigint } {
  const { r, s } = parse(compact);
  const order = secp256k1.Point.CURVE().n;
  if (s <= order / 2n) return { r, s };
  if (!canonical) return { r, s: order - s };
  throw unusableSignature(
    "high s",
    "The signer answered with a high s, which resolvers refuse (EIP-2). Let it answer with the lower of s and n - s.",
  );
}

function parse(compact: Uint8Array): { r: bigint; s: bigint } {
  try {
    if (compact.length !== COMPACT_BYTES) throw new RangeError("length");
    return secp256k1.Signature.fromBytes(compact, "compact");
  } catch {
    throw unusableSignature(
      "no signature",
      "The signer answered with what is no secp256k1 signature. Look at what answers there.",
    );
  }
}

/** SIGNER_UNAVAILABLE; `reason` names the fault for programs. */
export function unusableSignature(reason: string, sentence: string): SignpostError {
  return new SignpostError("SIGNER_UNAVAILABLE", sentence, { reason });
}
