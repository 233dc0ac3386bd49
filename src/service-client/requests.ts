/** What wallets do by themselves: which request is due, and sending one that is signed. Needs no API key. */
import { resolvableName } from "../ens/resolvableName.js";
import { type HistoryItem, historyPageSchema } from "../wire/history.js";
import { type NextRequest, nextRequestSchema } from "../wire/nextRequest.js";
import { type RequestOutcomeAnswer, requestOutcomeSchema } from "../wire/outcome.js";
import { type Session, sessionSchema } from "../wire/sessions.js";
import type { SignedRequestBody } from "../wire/signedRequest.js";
import type { CallOptions } from "./clientOptions.js";
import type { Connection } from "./connection.js";
import type { HistoryOptions } from "./names.js";
import { type Listing, listing } from "./pages.js";
import { written } from "./writes.js";

const LARGEST_PAGE_BYTES = 128 * 1024 * 1024;

/** The version is null where the name is gone. */
export type RequestResult = RequestOutcomeAnswer & {
  readonly version: string | null;
};

export interface Requests {
  /** What the next request for the name has to hold. Throws UNKNOWN_DOMAIN for a name that is not served here. */
  next(name: string, options?: CallOptions): Promise<NextRequest>;
  /** Sends what `signNameRequest` made; whoever sends it, it is the wallet's that signed it. */
  send(signed: SignedRequestBody, options?: CallOptions): Promise<RequestResult>;
  /** The entries that a signed `readHistory` opens; the same signature opens every page. */
  history(signed: SignedRequestBody, options?: HistoryOptions): Listing<HistoryItem, number>;
  /** Signs in by a signed `openSession`, which opens one session: an API key of the domain that ends by itself. */
  openSession(signed: SignedRequestBody, options?: CallOptions): Promise<Session>;
}

export function requestsOf(connection: Connection): Requests {
  return {
    next: async (name, options) => {
      const path = ["requests", resolvableName(name).name];
      return (await connection.send({ method: "GET", path, options })).as(nextRequestSchema);
    },
    send: async (signed, options) =>
      written(
        await connection.send({ method: "POST", path: ["requests"], body: signed, options }),
        requestOutcomeSchema,
      ),
    history: (signed, { after: first, pageSize, ...options } = {}) =>
      listing(first, async (after) => {
        const answer = await connection.send({
          ...{ method: "POST", path: ["histories"], query: { after, limit: pageSize } },
          ...{ body: signed, options, maxBytes: LARGEST_PAGE_BYTES },
        });
        const { entries, next } = answer.as(historyPageSchema);
        return { items: entries, next };
      }),
    openSession: async (signed, options) => {
      const request = { method: "POST", path: ["sessions"], body: signed, options } as const;
      return (await connection.send(request)).as(sessionSchema);
    },
  };
}
