/** Whether mail programs find certificates of the bridge's DM3 users: by its own, which it always has. */
import { lookUpByWkd } from "../../../codecs/openpgp-mime/keys/wkd.js";
import { type Finding, passed, warning } from "../../../doctor/line.js";
import { isSignpostError } from "../../../errors.js";
import type { Fetcher } from "../../../fetch/fetcher.js";
import { bridgeItselfAt } from "../../../messaging/address/bridgeItself.js";
import { formatNativeAddress } from "../../../messaging/address/nativeAddress.js";
import { createGuardedFetcher } from "../../../net/guardedFetch.js";

export interface DirectoryOptions {
  readonly allowLoopback: boolean;
  /** Where it answers; null: where the domain's DNS leads. */
  readonly directory: URL | null;
}

export async function keyDirectoryFinding(
  domain: string,
  { allowLoopback, directory }: DirectoryOptions,
): Promise<Finding> {
  const address = formatNativeAddress(bridgeItselfAt(domain));
  const advice = `Lead https://openpgpkey.${domain}/.well-known/openpgpkey to the bridge: gpg and Thunderbird look for DM3 users there.`;
  const guarded = createGuardedFetcher({ allowLoopback });
  const fetcher = directory === null ? guarded : movedTo(directory, guarded);
  try {
    const certificate = await lookUpByWkd(address, { fetcher });
    return certificate === null
      ? warning(`no key directory of ${domain} has a certificate of ${address}`, advice)
      : passed(`the key directory of ${domain} has the certificate of ${address}`);
  } catch (error) {
    if (!isSignpostError(error)) throw error;
    return warning(error.message.replace(/\.$/, ""), advice);
  }
}

function movedTo({ origin }: URL, fetcher: Fetcher): Fetcher {
  return (request) => {
    const { pathname, search } = new URL(request.url);
    return fetcher({ ...request, url: `${origin}${pathname}${search}` });
  };
}
