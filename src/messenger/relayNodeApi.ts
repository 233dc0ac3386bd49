/**
 * A relay node's HTTP API as its users' clients know it: dm3's delivery service, and what ours adds (filters, blobs). Nothing here
 * is kept or tried again. Answers are bounded before they are read.
 *
 * Each function throws UNREACHABLE (no answer, or none that can be understood), TOKEN_REFUSED for 401, and
 * RELAY_NODE_REFUSED for every other refusal that is not a value.
 */
import { toHex } from "../abi/hex.js";
import { sha256 } from "../abi/sha256.js";
import type { SignedUserProfile } from "../dm3/profile/profile.js";
import { stringify } from "../dm3/stringify.js";
import type { FetchRequest } from "../fetch/fetcher.js";
import { retryAfterMs } from "../fetch/retryAfter.js";
import { BLOB_TIMEOUT_MS } from "../sending/fetchBlob.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import { type Filters, readFilters } from "./filters.js";
import { readList, readOr, readToken, refused, silent, tokenRefused } from "./relayNodeAnswers.js";

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
const LONGEST_CURSOR = 256;
/** As many as one request takes at our node. */
const ACKNOWLEDGED_AT_ONCE = 5_000;

interface Question extends Omit<FetchRequest, "timeoutMs" | "maxBytes"> {
  readonly maxBytes?: number;
  readonly waitMs?: number;
  /** Which answers are no refusal, but say that there is nothing. */
  readonly isNone?: (status: number, text: string) => boolean;
}

interface Answer {
  readonly text: string;
  readonly next: string | null;
}

/** @param url of the relay node's profile */
export function relayNodeApi(
  relayNode: string,
  url: string,
  { fetcher, timeoutMs }: RelayNodeAccess,
): RelayNodeApi {
  const base = url.replace(/\/+$/, "");
  const place = (path: string, name: string) =>
    base + path.replace(":name", encodeURIComponent(name));

  async function askOrNull({ isNone, waitMs, ...request }: Question): Promise<Answer | null> {
    const answer = await fetcher({
      ...{ timeoutMs: waitMs ?? timeoutMs, maxBytes: MOST_BYTES, accept: "application/json" },
      ...request,
    });
    const { status } = answer;
    if (status === 401) throw tokenRefused(relayNode);
    if (status >= 500 || status === 429 || status === 408)
      throw silent(relayNode, `answered ${status}`, retryAfterMs(answer));
    const text = new TextDecoder().decode(answer.body);
    if (isNone?.(status, text) === true) return null;
    if (status < 200 || status > 299) throw refused(relayNode, status, text);
    return { text, next: answer.header?.("signpost-cursor") ?? null };
  }

  const ask = async (question: Omit<Question, "isNone">) => (await askOrNull(question)) as Answer;

  async function asked<T>(question: Question, read: (json: unknown) => T): Promise<T | null> {
    const answer = await askOrNull(question);
    return answer && readOr(relayNode, answer.text, read);
  }

  async function told<T>(question: Question, read: (json: unknown) => T): Promise<T> {
    return readOr(relayNode, (await ask(question)).text, read);
  }

  return {
    ...{ relayNode, url: base },
    signUp: (name, signed) =>
      told(
        { url: place("/profile/:name", name), method: "POST", body: stringify(signed) },
        readToken,
      ),
    challenge: (name) =>
      asked(
        { url: place("/auth/:name", name), method: "GET", isNone: (status) => status === 404 },
        readToken,
      ),
    answerChallenge: (name, challenge, signature) =>
      asked(
        {
          ...{ url: place("/auth/:name", name), method: "POST" },
          body: JSON.stringify({ signature, challenge }),
          // in these words dm3's node says it, and ours
          isNone: (status, said) => status === 400 && /Signature invalid/.test(said),
        },
        readToken,
      ),
    async incoming(name, bearer, after) {
      const path = place("/delivery/messages/incoming/:name", name);
      const { text, next } = await ask({
        ...{ url: `${path}?after=${encodeURIComponent(after)}`, method: "GET", bearer },
        maxBytes: MOST_MAILBOX_BYTES,
      });
      const envelopes = readOr(relayNode, text, readList);
      return { envelopes, next: next !== null && next.length <= LONGEST_CURSOR ? next : null };
    },
    async acknowledge(name, bearer, list) {
      const path = place("/delivery/messages/:name/syncAcknowledgements", name);
      for (let start = 0; start < list.length; start += ACKNOWLEDGED_AT_ONCE) {
        const acknowledgements = list.slice(start, start + ACKNOWLEDGED_AT_ONCE);
        await ask({
          url: path,
          method: "POST",
          body: JSON.stringify({ acknowledgements }),
          bearer,
        });
      }
    },
    async upload(bearer, sealed) {
      const blobs = `${base}/blobs`;
      const id = toHex(sha256(sealed)).slice(2);
      return asked(
        {
          ...{ url: blobs, method: "POST", body: sealed, bearer },
          waitMs: Math.max(timeoutMs, BLOB_TIMEOUT_MS),
          isNone: (status) => status === 404 || status === 413,
        },
        (json) => {
          // it has all of it, and nothing else
          if ((Object(json) as { readonly id?: unknown }).id === id) return `${blobs}/${id}`;
          throw new SyntaxError("another blob");
        },
      );
    },
    filters: (name, bearer) =>
      told({ url: place("/filters/:name", name), method: "GET", bearer }, readFilters),
    async setFilters(name, bearer, filters) {
      const body = JSON.stringify(filters);
      await told({ url: place("/filters/:name", name), method: "PUT", body, bearer }, readFilters);
    },
  };
}
