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
import { paddedLength, toNumber, WORD } from "../abi/word.js";
import { resolve } from "../ens/resolverFunctions.js";

/** The chain id behind the arguments of an ENSIP-10 `resolve` request, or null when nothing is there. */
export function boundChainId(request: Uint8Array): bigint | null {
  const [name, data] = resolve.decodeInput(request);
  // selector, two offsets, two lengths, and the bytes padded to words: what every ABI encoder emits
  const argumentsEnd = 4 + 4 * WORD + paddedLength(name.length) + paddedLength(data.length);
  if (request.length !== argumentsEnd + WORD) return null;
  return toNumber(request.subarray(argumentsEnd));
}
