/** The spellings of a key's signature: 65 bytes with one of three families of v, or 64 bytes by EIP-2098. */

/** What v is for: Ethereum's own, the bare parity, and that of a transaction on chain 1 (EIP-155). */
const EVEN: readonly number[] = [27, 0, 37];
const ODD: readonly number[] = [28, 1, 38];

export interface KeySignature {
  /** r and s, 64 bytes. */
  readonly compact: Uint8Array;
  readonly yParity: 0 | 1;
}

/** Of secp256k1: s and the order less s are both right, and the lower one is canonical. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Null for what no key makes. */
export function readKeySignature(signature: Uint8Array): KeySignature | null {
  if (signature.length === 64) {
    const compact = signature.slice();
    const top = compact[32] ?? 0;
    compact[32] = top & 0x7f;
    return { compact, yParity: top >> 7 === 1 ? 1 : 0 };
  }
  const parity = signature.length === 65 ? parityOf(signature[64] ?? 0) : null;
  return parity === null ? null : { compact: signature.subarray(0, 64), yParity: parity };
}

function parityOf(v: number): 0 | 1 | null {
  if (EVEN.includes(v)) return 0;
  return ODD.includes(v) ? 1 : null;
}

/**
 * The one spelling that ethers writes and dm3 expects: 65 bytes, low s (EIP-2), v of 27 or 28. Null for what no key
 * makes.
 */
export function canonicalKeySignature(signature: Uint8Array): Uint8Array | null {
  const read = readKeySignature(signature);
  if (read === null) return null;
  const canonical = new Uint8Array(65);
  canonical.set(read.compact);
  const s = read.compact.subarray(32).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const isHigh = s > ORDER / 2n;
  if (isHigh) {
    let low = ORDER - s;
    for (let at = 63; at >= 32; at--) {
      canonical[at] = Number(low & 0xffn);
      low >>= 8n;
    }
  }
  canonical[64] = 27 + (isHigh ? 1 - read.yParity : read.yParity);
  return canonical;
}
