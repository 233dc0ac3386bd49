/** Private keys of the two curves in DER, as runtimes take them (PKCS #8, RFC 8410, section 7). */
export type Curve = "X25519" | "Ed25519";

/** Version 0, the curve (1.3.101.110 or .112), an octet string in another one, up to the 32 bytes of the key. */
const PREFIX: Readonly<Record<Curve, readonly number[]>> = {
  X25519: [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32],
  Ed25519: [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32],
};

/** @param privateKey 32 bytes */
export function pkcs8(curve: Curve, privateKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(...PREFIX[curve], ...privateKey);
}
