/** ERC-3668: the error by which a contract sends its client to a gateway. */
import { abiFunction } from "../abi/abiFunction.js";
import { sizeAt, WORD } from "../abi/word.js";
import type { Address } from "../ens/address.js";

export const offchainLookup = abiFunction<
  [
    sender: Address,
    urls: string[],
    callData: Uint8Array,
    callbackFunction: Uint8Array,
    extraData: Uint8Array,
  ],
  []
>(
  "error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData)",
);

/**
 * How many URLs an OffchainLookup claims to list, without reading them: several may be one and the same long
 * string, so that reading all takes far more memory than the error has bytes. Throws INVALID_CALL_DATA.
 */
export function urlCount(errorData: Uint8Array): number {
  const args = errorData.subarray(4);
  return sizeAt(args, sizeAt(args, WORD));
}
