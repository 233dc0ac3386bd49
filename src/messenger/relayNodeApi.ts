/**
 * A relay node's HTTP API as its users' clients know it: dm3's delivery service, and what ours adds (filters, blobs). Nothing here
 * is kept or tried again. Answers are bounded before they are read.
 *
 * Each function throws UNREACHABLE (no answer, or none that can be understood), TOKEN_REFUSED for 401, and
 * RELAY_NODE_REFUSED for every other refusal that is not a value.
 */
import { toHex } from "../abi/hex.js";
import { sha256 } from "../abi/sha256.js";
import { parseSignedUserProfile, type SignedUserProfile } from "../dm3/profile/profile.js";
import { stringify } from "../dm3/stringify.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { FetchRequest } from "../fetch/fetcher.js";
import { foreignText } from "../fetch/foreignText.js";
import { retryAfterMs } from "../fetch/retryAfter.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import { type Filters, readFilters } from "./filters.js";

/** What an acknowledgement is matched by. */
export interface Acknowledgement {
  /** `from` of the delivery information, as it was served. */
  readonly contactAddress: string;
  /** The hash that the envelope claims. */
  readonly messageHash: string;
}

export interface MailboxPage {
  /** As they are served, unread. */
  readonly envelopes: readonly unknown[];
  /**
   * With it they are in the order in which they came, and the next page begins there. Null where the relay node knows no pages, as
   * dm3's: then they are all, the newest first.
   */
  readonly next: string | null;
}

export interface RelayNodeApi {
  /** The relay node's ENS name. */
  readonly relayNode: string;
  /** Of the relay node's profile, without a slash at its end. */
  readonly url: string;
  /** The profile that the account was signed up with; null without an account. */
  profile(name: string): Promise<SignedUserProfile | null>;
  /** A first token. */
  signUp(name: string, signed: SignedUserProfile): Promise<string>;
  /** Null without an account. */
  challenge(name: string): Promise<string | null>;
  /** The token; null where the signature is not by the key that the relay node knows. */
  answerChallenge(name: string, challenge: string, signature: string): Promise<string | null>;
  /** @param after where to go on: empty at first, then `next` of the page before */
  incoming(name: string, token: string, after: string): Promise<MailboxPage>;
  acknowledge(name: string, token: string, list: readonly Acknowledgement[]): Promise<void>;
  /** The URL of a sealed blob; null where the relay node keeps none, or none as large. */
  upload(token: string, sealed: Uint8Array): Promise<string | null>;
  filters(name: string, token: string): Promise<Filters>;
  setFilters(name: string, token: string, filters: Filters): Promise<void>;
}

const MOST_BYTES = 65_536;
/** Of a mailbox: what is over is fetched after this was acknowledged. */
const MOST_MAILBOX_BYTES = 48 * 1024 * 1024;
const MOST_ENVELOPES = 20_000;
const LONGEST_TOKEN = 4_096;
const LONGEST_CURSOR = 256;
/** For some megabytes over a slow line. */
export const BLOB_TIMEOUT_MS = 60_000;
/** As many as one request takes at our node. */
const ACKNOWLEDGED_AT_ONCE = 5_000;

/** @param url of the relay node's profile */
export function relayNodeApi(
  relayNode: string,
  url: string,
  { fetcher, timeoutMs }: RelayNodeAccess,
): RelayNodeApi {
  const base = url.replace(/\/+$/, "");
  const place = (path: string, name: string) =>
    base + path.replace(":name", encodeURIComponent(name));

  async function ask(
    request: Omit<FetchRequest, "timeoutMs" | "maxBytes">,
    maxBytes = MOST_BYTES,
    waitMs = timeoutMs,
  ) {
    const answer = await fetcher({
      ...request,
      ...{ timeoutMs: waitMs, maxBytes, accept: "application/json" },
    });
    const { status } = answer;
    if (status === 401) throw tokenRefused(relayNode);
    if (status >= 500 || status === 429 || status === 408)
      throw silent(relayNode, `answered ${status}`, retryAfterMs(answer));
    const next = answer.header?.("signpost-cursor") ?? null;
    return { status, text: new TextDecoder().decode(answer.body), next };
  }

  async function asked<T>(
    request: Omit<FetchRequest, "timeoutMs" | "maxBytes">,
    read: (json: unknown) => T,
    maxBytes?: number,
  ): Promise<T> {
    const { status, text } = await ask(request, maxBytes);
    if (status < 200 || status > 299) throw refused(relayNode, status, text);
    return readOr(relayNode, text, read);
  }

  return {
    ...{ relayNode, url: base },
    async profile(name) {
      const { status, text } = await ask({ url: place("/profile/:name", name), method: "GET" });
      if (status === 404) return null;
      if (status !== 200) throw refused(relayNode, status, text);
      return readOr(relayNode, text, parseSignedUserProfile);
    },
    signUp: (name, signed) =>
      asked(
        { url: place("/profile/:name", name), method: "POST", body: stringify(signed) },
        readToken,
      ),
    async challenge(name) {
      const { status, text } = await ask({ url: place("/auth/:name", name), method: "GET" });
      if (status === 404) return null;
      if (status !== 200) throw refused(relayNode, status, text);
      return readOr(relayNode, text, readToken);
    },
    async answerChallenge(name, challenge, signature) {
      const { status, text } = await ask({
        ...{ url: place("/auth/:name", name), method: "POST" },
        body: JSON.stringify({ signature, challenge }),
      });
      // in these words dm3's node says it, and ours
      if (status === 400 && /Signature invalid/.test(text)) return null;
      if (status !== 200) throw refused(relayNode, status, text);
      return readOr(relayNode, text, readToken);
    },
    async incoming(name, bearer, after) {
      const url = `${place("/delivery/messages/incoming/:name", name)}?after=${encodeURIComponent(after)}`;
      const { status, text, next } = await ask({ url, method: "GET", bearer }, MOST_MAILBOX_BYTES);
      if (status < 200 || status > 299) throw refused(relayNode, status, text);
      const envelopes = readOr(relayNode, text, readList);
      return { envelopes, next: next !== null && next.length <= LONGEST_CURSOR ? next : null };
    },
    async acknowledge(name, bearer, list) {
      const url = place("/delivery/messages/:name/syncAcknowledgements", name);
      for (let start = 0; start < list.length; start += ACKNOWLEDGED_AT_ONCE) {
        const acknowledgements = list.slice(start, start + ACKNOWLEDGED_AT_ONCE);
        const body = JSON.stringify({ acknowledgements });
        const { status, text } = await ask({ url, method: "POST", body, bearer });
        if (status < 200 || status > 299) throw refused(relayNode, status, text);
      }
    },
    async upload(bearer, sealed) {
      const { status, text } = await ask(
        { url: `${base}/blobs`, method: "POST", body: sealed, bearer },
        MOST_BYTES,
        Math.max(timeoutMs, BLOB_TIMEOUT_MS),
      );
      if (status === 404 || status === 413) return null;
      if (status < 200 || status > 299) throw refused(relayNode, status, text);
      const id = toHex(sha256(sealed)).slice(2);
      readOr(relayNode, text, (json) => {
        // it has all of it, and nothing else
        if ((Object(json) as { readonly id?: unknown }).id !== id)
          throw new SyntaxError("another blob");
      });
      return `${base}/blobs/${id}`;
    },
    filters: (name, bearer) =>
      asked({ url: place("/filters/:name", name), method: "GET", bearer }, readFilters),
    async setFilters(name, bearer, filters) {
      const body = JSON.stringify(filters);
      await asked({ url: place("/filters/:name", name), method: "PUT", body, bearer }, readFilters);
    },
  };
}

function readOr<T>(relayNode: string, text: string, read: (json: unknown) => T): T {
  try {
    return read(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !isSignpostError(error)) throw error;
    throw silent(relayNode, "answered with something that cannot be understood");
  }
}

function readToken(json: unknown): string {
  if (typeof json === "string" && json !== "" && json.length <= LONGEST_TOKEN) return json;
  throw new SyntaxError("no token");
}

function readList(json: unknown): readonly unknown[] {
  if (Array.isArray(json) && json.length <= MOST_ENVELOPES) return json;
  throw new SyntaxError("no list");
}

function silent(relayNode: string, what: string, retryAfterMs = 0): SignpostError {
  return new SignpostError(
    "UNREACHABLE",
    `The relay node ${relayNode} ${what}. It is asked again later.`,
    { reason: `it ${what}`, relayNode, ...(retryAfterMs > 0 && { retryAfterMs }) },
  );
}

function tokenRefused(relayNode: string): SignpostError {
  return new SignpostError(
    "TOKEN_REFUSED",
    `The relay node ${relayNode} does not take the token. Sign in again.`,
    { relayNode },
  );
}

function refused(relayNode: string, status: number, text: string): SignpostError {
  const said = foreignText(text);
  return new SignpostError(
    "RELAY_NODE_REFUSED",
    `The relay node ${relayNode} refused with status ${status}${said === "" ? "" : `: ${said}`}.`,
    { relayNode, status },
  );
}
