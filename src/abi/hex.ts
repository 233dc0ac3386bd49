/** Hexadecimal text, the form that bytes take at the edges: HTTP, JSON, command line. */
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { SignpostError } from "../errors.js";

export type Hex = `0x${string}`;

/** `0x` and lower-case digits. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

/** Reads `0x` and an even number of digits of either case; throws INVALID_REQUEST otherwise. */
export function fromHex(hex: string): Uint8Array {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(hex)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "Expected hexadecimal bytes: 0x followed by an even number of digits.",
    );
  }
  return hexToBytes(hex.slice(2));
}
