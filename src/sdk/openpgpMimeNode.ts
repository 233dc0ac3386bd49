/** The SDK for mail that is encrypted by OpenPGP under Node: the same functions, with guarded connections. */
import { lookUpByWkd as lookUpAnywhere } from "../codecs/openpgp-mime/keys/wkd.js";
import { createGuardedFetcher } from "../net/guardedFetch.js";
import type { WkdOptions } from "./openpgpMime.js";

export type { WkdOptions } from "./openpgpMime.js";
export * from "./openpgpMimeSurface.js";

/**
 * The certificate of exactly this address, in binary, from the directory of its domain; null where that publishes none. The domain, which
 * strangers choose, is reached by connections that refuse private addresses after DNS.
 *
 * Throws UNREACHABLE where it could not be found out, UNUSABLE_CERTIFICATE where what is published cannot be read or checked,
 * INVALID_CONFIGURATION where a library is missing, INVALID_REQUEST for an address that is none.
 */
export async function lookUpByWkd(
  address: string,
  { fetcher = createGuardedFetcher(), timeoutMs }: WkdOptions = {},
): Promise<Uint8Array | null> {
  return lookUpAnywhere(address, { fetcher, ...(timeoutMs !== undefined && { timeoutMs }) });
}
