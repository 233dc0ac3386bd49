/** ERC-3668: the error by which a contract sends its client to a gateway. */
import { abiFunction } from "../abi/abiFunction.js";

export const offchainLookup = abiFunction<
  [
    sender: Uint8Array,
    urls: string[],
    callData: Uint8Array,
    callbackFunction: Uint8Array,
    extraData: Uint8Array,
  ],
  []
>(
  "error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData)",
);
