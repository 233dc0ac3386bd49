/** Errors that contracts revert with (Solidity's `error`), each with what it means. */
import { abiFunction } from "./abiFunction.js";
import { type Hex, toHex } from "./hex.js";

export interface TypedError {
  /** E.g. `UnknownSigner`. */
  readonly name: string;
  /** First four bytes of the revert data. */
  readonly selector: Hex;
  /** What the error means, in words. Throws INVALID_CALL_DATA when its arguments are malformed. */
  explain(revertData: Uint8Array): string;
}

/**
 * @param type    e.g. `error UnknownSigner(address signer)`
 * @param explain takes the error's values in the types of `abiFunction`: (signer: Uint8Array) => ...
 */
export function typedError(type: string, explain: (...values: never[]) => string): TypedError {
  const error = abiFunction<never[], []>(type);
  return {
    name: error.signature.slice(0, error.signature.indexOf("(")),
    selector: error.selector,
    explain: (revertData) => explain(...error.decodeInput(revertData)),
  };
}

/** The one of `known` that the revert data holds, by its selector; undefined when it is none of them. */
export function typedErrorIn<Known extends { readonly selector: Hex }>(
  known: readonly Known[],
  revertData: Uint8Array,
): Known | undefined {
  const selector = toHex(revertData.subarray(0, 4));
  return known.find((candidate) => candidate.selector === selector);
}
