/**
 * A relay node's HTTP API as its users' clients know it: dm3's delivery service, and what ours adds (filters, blobs). What its
 * functions throw stands in `ownServerQuestions.ts`.
 */
import { toHex } from "../abi/hex.js";
import { sha256 } from "../abi/sha256.js";
import { BLOB_TIMEOUT_MS } from "../sending/fetchBlob.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import { type Filters, readFilters } from "./filters.js";
import { questionsTo, type SignInApi } from "./ownServerQuestions.js";
import { readList, readOr } from "./relayNodeAnswers.js";

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

export interface RelayNodeApi extends SignInApi {
  /** @param after where to go on: empty at first, then `next` of the page before */
  incoming(name: string, token: string, after: string): Promise<MailboxPage>;
  acknowledge(name: string, token: string, list: readonly Acknowledgement[]): Promise<void>;
  /** The URL of a sealed blob; null where the relay node keeps none, or none as large. */
  upload(token: string, sealed: Uint8Array): Promise<string | null>;
  filters(name: string, token: string): Promise<Filters>;
  setFilters(name: string, token: string, filters: Filters): Promise<void>;
}

/** Of a mailbox: what is over is fetched after this was acknowledged. */
const MOST_MAILBOX_BYTES = 48 * 1024 * 1024;
/** As many as one request takes at our node. */
const ACKNOWLEDGED_AT_ONCE = 5_000;

/** @param url of the relay node's profile */
export function relayNodeApi(
  relayNode: string,
  url: string,
  access: RelayNodeAccess,
): RelayNodeApi {
  const server = { relayNode, called: `relay node ${relayNode}` };
  const { api, place, ask, asked, told } = questionsTo(server, url, access);

  return {
    ...api,
    async incoming(name, bearer, after) {
      const path = place("/delivery/messages/incoming/:name", name);
      const { text, next } = await ask({
        ...{ url: `${path}?after=${encodeURIComponent(after)}`, method: "GET", bearer },
        maxBytes: MOST_MAILBOX_BYTES,
      });
      return { envelopes: readOr(server, text, readList), next };
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
      const blobs = `${api.url}/blobs`;
      const id = toHex(sha256(sealed)).slice(2);
      return asked(
        {
          ...{ url: blobs, method: "POST", body: sealed, bearer },
          waitMs: Math.max(access.timeoutMs, BLOB_TIMEOUT_MS),
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
