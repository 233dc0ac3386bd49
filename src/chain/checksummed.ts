import { isZero } from "../abi/word.js";
import { type Address, checksumAddress } from "../ens/address.js";

/** For facts: null where a contract tells no address, or zero. */
export function checksummed(address: Address | null | undefined): string | null {
  return address == null || isZero(address) ? null : checksumAddress(address);
}
