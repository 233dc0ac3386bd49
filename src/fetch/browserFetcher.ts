import { cappedFetch } from "./cappedFetch.js";
import type { Fetcher } from "./fetcher.js";
import { guardUrl, type UrlGuardOptions } from "./urlGuard.js";

/**
 * A fetcher over `globalThis.fetch`. It refuses what a URL shows (`guardUrl`), but cannot see what a host
 * name resolves to: in a browser the same-origin policy stands in for that. On a server, use the
 * fetcher of `sdk/node`, which checks the address at the moment of connecting.
 */
export function createBrowserFetcher(options: UrlGuardOptions = {}): Fetcher {
  return async (request) => {
    const url = guardUrl(request.url, options);
    return await cappedFetch({ ...request, url: url.href });
  };
}
