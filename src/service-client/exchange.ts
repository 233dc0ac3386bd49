/** One HTTP request and its answer, with a bound on both time and size. */
import { SignpostError } from "../errors.js";
import { collectBody, unreachable } from "../fetch/cappedFetch.js";

export interface HttpRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string | undefined;
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
  const { method, url, headers, body, maxBytes, timeoutMs, signal } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body }),
      redirect: "error",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      // what a browser has kept would hide what the service says now
      cache: "no-store",
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const bytes = await collectBody(response.body, maxBytes, url.origin);
    return { status: response.status, headers: response.headers, body: bytes };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SignpostError) throw error;
    throw unreachable(url.origin, timeoutMs, error);
  }
}
