/**
 * Routes of a service with accounts: each request is counted, a token is looked at before a body is read, and refusals have the
 * reference's texts. The log has their patterns, and no name of anybody.
 */
import type { Request, RequestHandler, Response, Router } from "express";
import type { AccountParts } from "../../accounts/accountNamed.js";
import { type OpenSession, openSession, type Session } from "../../accounts/session.js";
import type { Account } from "../../accounts/store.js";
import { type ErrorCode, isSignpostError } from "../../errors.js";
import { logPathAs } from "../loggedPath.js";
import type { ReportFailure } from "../refuse.js";
import { bearerOf } from "./credentials.js";
import type { Door } from "./door.js";
import { refuseRoute, type RouteRefusals } from "./routeRefusals.js";
import type { Tokens } from "./tokens.js";

type Handler = (request: Request, response: Response) => void | Promise<void>;

export type OwnerHandler<Own extends Account = Account> = (
  session: OpenSession<Own>,
  request: Request,
  response: Response,
) => void | Promise<void>;

export type BodyKind = "json" | "flat" | "lines";

interface OwnerOptions<Own extends Account = Account> {
  /** Of the body. */
  readonly mostBytes?: number;
  /** What `request.body` then is: JSON by default, also of few and long texts, or the bytes of lines of JSON. */
  readonly body?: BodyKind;
  /** Called before a body is read; what it throws refuses the request. */
  readonly admit?: (session: OpenSession<Own>, request: Request) => void;
  /** Tried first, by a shorter way. */
  readonly first?: FirstTry<Own>;
}

/** A shorter way, with an account that was read before. */
export interface FirstTry<Own extends Account = Account> {
  readonly accounts: AccountParts<Own>["accounts"];
  /** Whether it may answer such a request at all; otherwise nothing is read for it. */
  readonly isFor: (request: Request) => boolean;
  /**
   * Sees for itself that the account is still what it was; where it is not, or for any other reason, it does nothing and returns
   * false.
   */
  readonly answer: (
    session: OpenSession<Own>,
    request: Request,
    response: Response,
  ) => Promise<boolean>;
}

export interface RoutingParts<Own extends Account = Account> extends AccountParts<Own> {
  readonly tokens: Tokens;
  readonly door: Door;
  readonly reportFailure: ReportFailure;
  /** Told how each request ended. */
  readonly onEnd?: (result: RequestResult) => void;
}

/** Answered, or the code by which it was refused. */
export type RequestResult = "answered" | ErrorCode;

export interface Routing<Own extends Account = Account> {
  readonly route: (
    method: "get" | "post" | "put" | "delete",
    path: string,
    handler: Handler,
    refusals?: RouteRefusals,
  ) => void;
  /** With the body, as JSON, in `request.body`. */
  readonly withBody: (mostBytes: number, handler: Handler) => Handler;
  /** For whoever the account of `:name` belongs to; without `mostBytes` no body is read. */
  readonly forOwner: (handler: OwnerHandler<Own>, options?: OwnerOptions<Own>) => Handler;
  /** `forOwner`, for what sends a long answer. */
  readonly page: (send: OwnerHandler<Own>) => Handler;
}

export function routingOn<Own extends Account>(
  router: Router,
  parts: RoutingParts<Own>,
): Routing<Own> {
  const { tokens, door, reportFailure, onEnd } = parts;
  const counted =
    (path: string, handler: Handler): RequestHandler =>
    async (request, response) => {
      logPathAs(request, request.baseUrl + path);
      door.count(request);
      await handler(request, response);
      onEnd?.("answered");
    };
  const withBody =
    (mostBytes: number, handler: Handler, kind: BodyKind = "json"): Handler =>
    (request, response) => {
      const work = async (body: unknown) => {
        request.body = body;
        await handler(request, response);
      };
      if (kind === "json") return door.withBody(request, mostBytes, work);
      if (kind === "flat") return door.withFlatBody(request, mostBytes, work);
      return door.withBytes(request, mostBytes, work, "application/x-ndjson");
    };
  const forOwner: Routing<Own>["forOwner"] =
    (handler, { mostBytes = 0, body = "json", admit, first } = {}) =>
    async (request, response) => {
      const token = await tokens.readToken(bearerOf(request));
      if (first?.isFor(request) === true) {
        const { accounts } = first;
        const before = await openedBefore(
          { ...parts, accounts },
          nameOf(request),
          token,
          (session) => admit?.(session, request),
        );
        if (before !== null && (await first.answer(before, request, response))) return;
      }
      const session = await openSession(parts, nameOf(request), token);
      admit?.(session, request);
      const work: Handler = () => handler(session, request, response);
      await (mostBytes === 0 ? work : withBody(mostBytes, work, body))(request, response);
    };
  return {
    route: (method, path, handler, refusals = {}) => {
      router[method](path, counted(path, handler), refuseRoute(refusals, reportFailure, onEnd));
    },
    withBody,
    forOwner,
    page: (send) =>
      forOwner((session, request, response) =>
        door.withPage(request, response, async () => send(session, request, response)),
      ),
  };
}

/** Null where it does not count, which says nothing: the account may be another one by now. */
async function openedBefore<Own extends Account>(
  parts: AccountParts<Own>,
  named: string,
  token: Session,
  admit: (session: OpenSession<Own>) => void,
): Promise<OpenSession<Own> | null> {
  try {
    const session = await openSession(parts, named, token);
    admit(session);
    return session;
  } catch (error) {
    if (isSignpostError(error, "NO_ACCOUNT", "NOT_SIGNED_IN")) return null;
    throw error;
  }
}

export function nameOf({ params }: Request): string {
  return String(params["name"]);
}
