/** One HTTP request and its answer, with a bound on both time and size. */
import { fetchWhole } from "../fetch/cappedFetch.js";

export interface HttpRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string | undefined;
  /** In a browser: goes on where its page is closed meanwhile. */
  readonly outlivesPage: boolean;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/**
 * No redirects, which would take the API key to somebody else, and no cookies. Throws UNREACHABLE when no complete
 * answer came in time, TOO_LARGE, and the reason of `signal` when the caller gave up. Any HTTP status is an answer.
 */
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const { method, url, headers, body, outlivesPage } = request;
  const init: RequestInit = {
    method,
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body }),
    // what a browser has kept would hide what the service says now
    cache: "no-store",
    ...(outlivesPage && { keepalive: true }),
  };
  const answer = await fetchWhole(url, init, request);
  const { response } = answer;
  return { status: response.status, headers: response.headers, body: answer.body };
}
