/** The SDK under Node: the same functions, with a fetcher that checks addresses after DNS by default. */
import type { Fetcher } from "../fetch/fetcher.js";
import type { UrlGuardOptions } from "../fetch/urlGuard.js";
import type { ProfileOutcome, RelayNodeOutcome } from "../lookup/outcome.js";
import { assertOptions, type ResolveOptions } from "../lookup/resolveOptions.js";
import { resolveProfile as resolveProfileAnywhere } from "../lookup/resolveProfile.js";
import { resolveRelayNode as resolveRelayNodeAnywhere } from "../lookup/resolveRelayNode.js";
import { createGuardedFetcher as createFetcher } from "../net/guardedFetch.js";

export * from "./surface.js";

/**
 * A fetcher that checks addresses after DNS, at the moment of connecting. Its type names nothing of undici's, whose
 * declarations need those of Node.
 */
export const createGuardedFetcher: (options?: UrlGuardOptions) => Fetcher = createFetcher;

// one of each, so that connections are reused between lookups
const guardedFetcher = createGuardedFetcher();
const loopbackFetcher = createGuardedFetcher({ allowLoopback: true });

function withGuardedFetcher(options: ResolveOptions): ResolveOptions {
  assertOptions(options);
  const fetcher = options.allowLoopback === true ? loopbackFetcher : guardedFetcher;
  return { ...options, fetcher: options.fetcher ?? fetcher };
}

/**
 * Finds and verifies the DM3 profile of a name, and looks up its relay nodes. Gateways and links, which strangers choose,
 * are reached by a fetcher that refuses private addresses after DNS.
 *
 * Throws INVALID_NAME for a name without ENSIP-15 normal form, INVALID_REQUEST for wrong options; everything
 * else is an outcome.
 */
export async function resolveProfile(
  name: string,
  options: ResolveOptions,
): Promise<ProfileOutcome> {
  return resolveProfileAnywhere(name, withGuardedFetcher(options));
}

/**
 * Finds the profile of a relay node by its ENS name. It is not signed: the chain and, where a gateway answered,
 * the resolver's own check vouch for it. Throws like `resolveProfile`.
 */
export async function resolveRelayNode(
  name: string,
  options: ResolveOptions,
): Promise<RelayNodeOutcome> {
  return resolveRelayNodeAnywhere(name, withGuardedFetcher(options));
}
