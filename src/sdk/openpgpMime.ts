/**
 * The SDK for mail that is encrypted by OpenPGP: what DM3 users write to people with mail, and read from them, by a bridge that opens
 * neither. Needs `openpgp` and `postal-mime`, which an app installs for it; under Node also `eckey-utils`, for some keys. Runs in
 * browsers and under Node.
 *
 *   const key = await makeMailKey({ address: "carol.eth@mail.example" });
 *   const entity = await encodeMail(mail, { privateKey: key.privateKey, certificates });
 *   await messenger.send("alice.mail.test.bridge.eth", { type: "NEW", text, attachments: [nativeAttachment(entity)] });
 */
import { lookUpByWkd as lookUpAnywhere } from "../codecs/openpgp-mime/keys/wkd.js";
import { createBrowserFetcher } from "../fetch/browserFetcher.js";
import type { Fetcher } from "../fetch/fetcher.js";

export * from "./openpgpMimeSurface.js";

/**
 * The certificate of exactly this address, in binary, from the directory of its domain; null where that publishes none. A browser asks
 * the host `openpgpkey` of the domain alone, because it cannot tell that a host does not exist.
 *
 * Throws UNREACHABLE where it could not be found out, UNUSABLE_CERTIFICATE where what is published cannot be read or checked,
 * INVALID_CONFIGURATION where a library is missing, INVALID_REQUEST for an address that is none.
 */
export async function lookUpByWkd(
  address: string,
  { fetcher = createBrowserFetcher(), timeoutMs }: WkdOptions = {},
): Promise<Uint8Array | null> {
  return lookUpAnywhere(address, { fetcher, ...(timeoutMs !== undefined && { timeoutMs }) });
}

export interface WkdOptions {
  readonly fetcher?: Fetcher;
  /** For each of at most two requests: 10 seconds. */
  readonly timeoutMs?: number;
}
