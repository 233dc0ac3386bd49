/**
 * How the SDK reaches the servers that a name points to: CCIP gateways, the hosts of linked profiles, IPFS
 * gateways. Strangers choose these URLs, so a fetcher guards whom it talks to; which guard is possible
 * depends on where it runs (see `browserFetcher` and, under Node, `src/net/guardedFetch.ts`).
 */

export interface FetchRequest {
  readonly url: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** A text is sent as `application/json`, bytes as `application/octet-stream`. */
  readonly body?: string | Uint8Array;
  /** The answer's body may have this many bytes. */
  readonly maxBytes: number;
  /** For everything together: connecting, waiting, reading the body. Milliseconds. */
  readonly timeoutMs: number;
  /** The `Accept` header. */
  readonly accept?: string;
  /** A token that the server gave; a secret. Sent as `Authorization: Bearer`, to this URL alone. */
  readonly bearer?: string;
}

export interface FetchAnswer {
  /** HTTP status; never a redirect, fetchers refuse those. */
  readonly status: number;
  readonly contentType: string | null;
  readonly body: Uint8Array;
  /**
   * A header by its lower-case name; null where the answer has none, or the browser does not show it. A fetcher may leave it out:
   * then pages of mailboxes and `Retry-After` are not known.
   */
  readonly header?: (name: string) => string | null;
}

/**
 * Fetches once. Throws FORBIDDEN_ADDRESS when the URL is one that we do not fetch from, UNREACHABLE when no
 * complete answer came in time, TOO_LARGE when the body is over `maxBytes`. Any HTTP status is an answer.
 */
export type Fetcher = (request: FetchRequest) => Promise<FetchAnswer>;

/** The `Content-Type` of a request's body. */
export function bodyType(body: string | Uint8Array): string {
  return typeof body === "string" ? "application/json" : "application/octet-stream";
}
