/** A mail rides in an envelope in base64, encrypted and in base64 again: how long it may be. */

const BASE64 = 4 / 3;
/** Metadata, text, postmark. */
const AROUND = 8_192;

/**
 * @param envelopeBytes the longest envelope that the relay node takes
 * @returns the longest mail, in bytes
 */
export function mailSizeWithin(envelopeBytes: number): number {
  return Math.max(0, Math.floor((envelopeBytes - AROUND) / (BASE64 * BASE64)));
}
