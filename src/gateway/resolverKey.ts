import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";

/** A resolver on its chain, as the key of a map. */
export function resolverKey(chainId: bigint, resolver: Address): string {
  return `${chainId.toString()}:${toHex(resolver)}`;
}
