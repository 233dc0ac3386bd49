/**
 * Routes of an account's owner. Reading takes a token of a sign-up as well, until any key of the account has answered a challenge:
 * so long there is nothing to read. A key that is published and not proven yet opens no history. Writing does not: with somebody's public profile anybody can sign up, and could leave there what the owner's client
 * cannot decrypt. dm3's client meets a 401 by a challenge, and sends the same again.
 */
import type { Request } from "express";
import { toHex } from "../../abi/hex.js";
import { assertProven, type OpenSession } from "../../accounts/session.js";
import type { StorageBounds } from "../../storage/bounds.js";
import type { StorageAccount } from "../../storage/store.js";
import type { RouteRefusals } from "../accounts/routeRefusals.js";
import type { BodyKind, FirstTry, OwnerHandler, Routing } from "../accounts/routing.js";
import { announcedBytes } from "../body/readJson.js";
import { assertWithin } from "../fairness/assertWithin.js";
import type { RateLimits } from "../fairness/rateLimits.js";
import { OWN_ROUTES } from "./routeTexts.js";

export type StorageSession = OpenSession<StorageAccount>;
type StorageHandler = OwnerHandler<StorageAccount>;

export interface OwnerRoutes {
  /** Counts rows that a request had written beside its body: the account's next request waits for them. */
  readonly countRows: (session: StorageSession, rows: number) => void;
  readonly read: (
    path: string,
    handler: StorageHandler,
    refusals?: RouteRefusals,
    first?: Omit<FirstTry<StorageAccount>, "accounts">,
  ) => void;
  /** @param mostBytes of the body */
  readonly write: (
    method: "post" | "put" | "delete",
    path: string,
    handler: StorageHandler,
    options: {
      readonly mostBytes: number;
      readonly body?: BodyKind;
      readonly refusals?: RouteRefusals;
    },
  ) => void;
}

interface OwnerRouteParts {
  readonly bounds: StorageBounds;
  /** Accounts as they were a moment ago. */
  readonly remembered: FirstTry<StorageAccount>["accounts"];
  readonly writes: RateLimits;
}

/** Below it are all of them; the reference has an older form beside it, which no client knows any more. */
const BASE = "/storage/new/:name";
const DAY_SEC = 86_400;
/** An account may write as often as this what it may have, each day: more is a way to wear our disks out. */
const TURNS_A_DAY = 4;
/** What Postgres writes of a row that changes, without its container. */
const ROW_BYTES = 256;

export function ownerRoutes(
  { route, forOwner }: Routing<StorageAccount>,
  { bounds, writes, remembered }: OwnerRouteParts,
): OwnerRoutes {
  const limit = TURNS_A_DAY * bounds.mostBytes;

  function countWrite(address: Uint8Array, request: Request, mostBytes: number): void {
    // a body that does not say how long it is counts as the longest; that a day has room for one of those
    const announced = Math.min(announcedBytes(request, mostBytes), mostBytes);
    const isChunked = request.headers["transfer-encoding"] !== undefined;
    const bytes = Math.max(1, isChunked ? Math.min(announced, limit) : announced);
    const retryAfterSec = writes.take(toHex(address), limit, DAY_SEC, bytes);
    assertWithin(retryAfterSec, { limit, of: "bytes a day that one account writes", count: bytes });
  }

  return {
    countRows: ({ address }, rows) => {
      writes.owe(toHex(address), rows * ROW_BYTES);
    },
    read: (path, handler, refusals = OWN_ROUTES, shorter) => {
      const admit = (session: StorageSession) => {
        if (session.account.provenKey !== null) assertProven(session);
      };
      const first = shorter && { accounts: remembered, ...shorter };
      const options = { admit, ...(first !== undefined && { first }) };
      route("get", BASE + path, forOwner(handler, options), refusals);
    },
    write: (method, path, handler, { mostBytes, body = "json", refusals = OWN_ROUTES }) => {
      const admit = (session: StorageSession, request: Request) => {
        assertProven(session);
        countWrite(session.address, request, mostBytes);
      };
      route(method, BASE + path, forOwner(handler, { mostBytes, body, admit }), refusals);
    },
  };
}
