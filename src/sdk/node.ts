/** The SDK under Node: the same functions, with a fetcher that checks addresses after DNS by default. */
import { createGuardedFetcher } from "../net/guardedFetch.js";
import type { ProfileOutcome, RelayNodeOutcome } from "./outcome.js";
import { assertOptions, type ResolveOptions } from "./resolveOptions.js";
import { resolveProfile as resolveProfileAnywhere } from "./resolveProfile.js";
import { resolveRelayNode as resolveRelayNodeAnywhere } from "./resolveRelayNode.js";

export { createGuardedFetcher };
export * from "./surface.js";

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
