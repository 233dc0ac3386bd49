/** Links, remembered for a second: a message asks for the link of its user several times. What changes one here counts at once. */
import { toHex } from "../abi/hex.js";
import { shortMemory } from "../relay/shortMemory.js";
import { formatNativeAddress } from "./address/nativeAddress.js";
import type { Link, LinkStore } from "./store.js";

const REMEMBERED_MS = 1_000;

export function rememberingLinks(links: LinkStore, nowMs: () => number): LinkStore {
  const known = shortMemory<Link | null>(nowMs, REMEMBERED_MS);
  const ofAccounts = shortMemory<Link | null>(nowMs, REMEMBERED_MS);
  const changing = async <Result>(change: Promise<Result>): Promise<Result> => {
    try {
      return await change;
    } finally {
      known.clear();
      ofAccounts.clear();
    }
  };
  return {
    ...links,
    linkOf: (native) => known.of(formatNativeAddress(native), () => links.linkOf(native)),
    linkOfAccount: (account) => ofAccounts.of(toHex(account), () => links.linkOfAccount(account)),
    putLink: (link) => changing(links.putLink(link)),
    removeLink: (native) => changing(links.removeLink(native)),
  };
}
