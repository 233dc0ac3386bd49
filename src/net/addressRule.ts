import { addressReach } from "../fetch/publicAddress.js";
import type { UrlGuardOptions } from "../fetch/urlGuard.js";

/** Whether a socket may be connected to a literal IP address. */
export type AddressRule = (address: string) => boolean;

/** For hosts that strangers chose. */
export function publicAddresses({ allowLoopback = false }: UrlGuardOptions = {}): AddressRule {
  return (address) => {
    const reach = addressReach(address);
    return reach === "public" || (reach === "loopback" && allowLoopback);
  };
}
