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

/** See `resolveProfile` of the browser entry. */
export async function resolveProfile(
  name: string,
  options: ResolveOptions,
): Promise<ProfileOutcome> {
  return resolveProfileAnywhere(name, withGuardedFetcher(options));
}

/** See `resolveRelayNode` of the browser entry. */
export async function resolveRelayNode(
  name: string,
  options: ResolveOptions,
): Promise<RelayNodeOutcome> {
  return resolveRelayNodeAnywhere(name, withGuardedFetcher(options));
}
