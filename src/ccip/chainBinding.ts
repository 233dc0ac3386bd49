/**
 * Which chain a request is bound to.
 *
 * The digest names the resolver but no chain, so an answer for a resolver would verify on every chain where
 * the same address trusts the same signer. Our resolver therefore appends its chain id to the request:
 *
 *   | selector (4) | name and data, ABI-encoded | chain id (32) |
 *
 * Decoders ignore what follows the arguments, but the digest covers it. Resolvers of others append nothing;
 * their requests are bound to no chain. contracts/BoundRequest.sol is the twin.
 */
import { toNumber, WORD } from "../abi/word.js";
import { resolve } from "../ens/resolverFunctions.js";

/**
 * The chain id behind the arguments of an ENSIP-10 `resolve` request, or null when nothing is there.
 *
 * @param args the request's own, for callers that have decoded it already
 * @throws INVALID_CALL_DATA when it is no such request
 */
export function boundChainId(
  request: Uint8Array,
  args: readonly [dnsName: Uint8Array, call: Uint8Array] = resolve.decodeInput(request),
): bigint | null {
  // where every ABI encoder ends; other encodings of the same arguments are bound to no chain
  const argumentsEnd = resolve.inputSize(...args);
  if (request.length !== argumentsEnd + WORD) return null;
  return toNumber(request.subarray(argumentsEnd));
}
