/** A domain as ENS knows it on one chain, and where that is asked. */
import type { Address } from "../ens/address.js";
import { parseAddress } from "../ens/address.js";
import { Deadline } from "../fetch/deadline.js";
import type { Chain } from "../lookup/askNode.js";
import type { EnsContracts } from "../lookup/findResolver.js";
import { httpProvider } from "../lookup/httpProvider.js";
import { ENS_REGISTRY } from "../lookup/resolveOptions.js";
import { ENS_CHAINS, ENS_UNIVERSAL_RESOLVER } from "../lookup/universalResolver.js";
import type { ServedResolver } from "../registry/domains/domain.js";

export interface WatchedDomain {
  readonly domain: string;
  readonly chainId: bigint;
  /** Those by which this service answers for it there. */
  readonly resolvers: readonly Address[];
  readonly ens: EnsContracts;
  /** The RPC node, with the time of one question from now. */
  readonly chain: () => Chain;
}

/** Null where ENS is not, as far as we know. */
export type EnsOn = (chainId: bigint) => EnsContracts | null;

/** For one request to a node. */
const REQUEST_TIMEOUT_MS = 5_000;
/** For everything that is asked about one domain. */
const DOMAIN_TIMEOUT_MS = 20_000;

export function ensOn(chainId: bigint): EnsContracts | null {
  if (!ENS_CHAINS.includes(chainId)) return null;
  return {
    ensRegistry: parseAddress(ENS_REGISTRY),
    universalResolver: ENS_UNIVERSAL_RESOLVER,
  };
}

/** Those on chains where ENS is and where there is an RPC node to ask, in a steady order. */
export function watchedDomains(
  served: readonly ServedResolver[],
  rpcUrls: ReadonlyMap<bigint, string>,
  ensOnChain: EnsOn,
): readonly WatchedDomain[] {
  const watched = new Map<string, WatchedDomain>();
  for (const { domain, chainId, resolver } of served) {
    const [url, ens] = [rpcUrls.get(chainId), ensOnChain(chainId)];
    if (url === undefined || ens === null) continue;
    const provider = httpProvider(url, REQUEST_TIMEOUT_MS, { batches: true });
    const chain = () => ({ provider, deadline: new Deadline(DOMAIN_TIMEOUT_MS) });
    const key = domainKey({ domain, chainId });
    const { resolvers = [] } = watched.get(key) ?? {};
    watched.set(key, { domain, chainId, resolvers: [...resolvers, resolver], ens, chain });
  }
  return [...watched].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, domain]) => domain);
}

export function domainKey({ domain, chainId }: Pick<WatchedDomain, "domain" | "chainId">): string {
  return `${domain} ${chainId.toString()}`;
}
