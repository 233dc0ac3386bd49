/** How the routes of a service with accounts say no, in the reference's texts. */
import type { ErrorRequestHandler, Response } from "express";
import type { ErrorCode, SignpostError } from "../../errors.js";
import { leaveUnread } from "../body/leaveUnread.js";
import { refuse, type ReportFailure } from "../refuse.js";
import { shownError, type Statuses } from "../shownError.js";

/** Of every route. A 401 is for those whom a fresh token helps: dm3's client signs in again at each, without end. */
export const ACCOUNT_STATUS: Statuses<
  "NOT_SIGNED_IN" | "NO_ACCOUNT" | "LIMIT_EXCEEDED" | "UNREACHABLE" | "DATABASE_UNAVAILABLE"
> = {
  INVALID_REQUEST: 400,
  TOO_LARGE: 413,
  INTERNAL: 500,
  NOT_SIGNED_IN: 401,
  NO_ACCOUNT: 404,
  LIMIT_EXCEEDED: 429,
  UNREACHABLE: 503,
  DATABASE_UNAVAILABLE: 503,
};

/** What a route says for a code, instead of `{error: <our sentence>}` with the usual status. */
export type RouteRefusals = {
  readonly [Code in ErrorCode]?: {
    readonly status: number;
    /** A text, or JSON. */
    readonly body: string | ((error: SignpostError, named: string) => object);
  };
};

export function refuseRoute(
  refusals: RouteRefusals,
  reportFailure: ReportFailure,
  onRefused?: (code: ErrorCode) => void,
): ErrorRequestHandler {
  const own = Object.entries(refusals).map(([code, { status }]) => [code, status] as const);
  const statuses = { ...ACCOUNT_STATUS, ...Object.fromEntries(own) };
  const usual = refuse(statuses, reportFailure, ({ code, message }) => ({ error: message, code }));
  return (thrown, request, response, next) => {
    const { error } = shownError(thrown, statuses);
    onRefused?.(error.code);
    const known = refusals[error.code];
    const isUsual = known === undefined && error.code !== "NOT_SIGNED_IN";
    if (response.headersSent || isUsual) {
      void usual(thrown, request, response, next);
      return;
    }
    leaveUnread(request, response);
    if (error.code === "NOT_SIGNED_IN" || known === undefined) response.sendStatus(401);
    else answer(response, known, error, String(request.params["name"]));
  };
}

function answer(
  response: Response,
  { status, body }: NonNullable<RouteRefusals[ErrorCode]>,
  error: SignpostError,
  named: string,
): void {
  response.status(status);
  if (typeof body === "string") response.type("text").send(body);
  else response.json(body(error, named));
}
