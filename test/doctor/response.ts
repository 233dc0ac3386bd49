import { abiFunction } from "../../src/abi/abiFunction.js";
import { fromHex, toHex } from "../../src/abi/hex.js";

/** What a gateway responds, as ensdomains/offchain-resolver and we have it. */
export const responseForm = abiFunction<[], [Uint8Array, bigint, Uint8Array]>(
  "function response() view returns (bytes result, uint64 expires, bytes signature)",
);

/** `0x` hex. */
export function encodeResponse(result: Uint8Array, expires: bigint, signature: string): string {
  return toHex(responseForm.encodeOutput(result, expires, fromHex(signature)));
}
