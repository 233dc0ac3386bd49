/** Bytes as digits of so many bits each (RFC 4648), without padding: base64 and base32. */

/**
 * Null for a text with another character, with bits left over that are not zero, or with a digit too many.
 * @param digits the alphabet: 64 digits of 6 bits, or 32 of 5
 */
export function decodeBits(text: string, digits: string): Uint8Array | null {
  const bitsOfDigit = Math.log2(digits.length);
  const bytes = new Uint8Array(Math.floor((text.length * bitsOfDigit) / 8));
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (const character of text) {
    const digit = digits.indexOf(character);
    if (digit === -1) return null;
    buffer = (buffer << bitsOfDigit) | digit;
    bits += bitsOfDigit;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = buffer >> bits;
    buffer &= (1 << bits) - 1;
  }
  return bits < bitsOfDigit && buffer === 0 ? bytes : null;
}

/** @param digits the alphabet, see `decodeBits` */
export function encodeBits(bytes: Uint8Array, digits: string): string {
  const bitsOfDigit = Math.log2(digits.length);
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= bitsOfDigit) {
      bits -= bitsOfDigit;
      text += digits.charAt(buffer >> bits);
      buffer &= (1 << bits) - 1;
    }
  }
  return bits === 0 ? text : text + digits.charAt(buffer << (bitsOfDigit - bits));
}
