/** Everything over HTTP but the CCIP gateway: the route table, and what becomes of an error. */
import cors from "cors";
import express, { type Express, type RequestHandler } from "express";
import { SignpostError } from "../errors.js";
import type { Dm3Domains } from "../registry/dm3/dm3Domains.js";
import type { ContractWallets } from "../registry/signed/contractWallets.js";
import type { RecordSource, RegistryStores } from "../registry/store.js";
import type { TrustedProxies } from "./clientAddress.js";
import { dm3Routes } from "./dm3/dm3Routes.js";
import { HANDLER_PATH, handlerRoute } from "./dm3/handlerRoute.js";
import { healthRoutes, type Readiness } from "./healthRoutes.js";
import { keylessLimit } from "./keylessLimit.js";
import { refuse, type ReportFailure } from "./refuse.js";
import { REQUEST_ID_HEADER } from "./requestId.js";
import type { Statuses } from "./shownError.js";
import { v1Routes } from "./v1/v1Routes.js";

export interface HttpParts {
  readonly registry: RegistryStores;
  readonly records: RecordSource;
  readonly contractWallets: ContractWallets;
  readonly readiness: Readiness;
  readonly trustedProxies: TrustedProxies;
  /** What dm3's own API serves; null: there is none. */
  readonly dm3Domains: Dm3Domains | null;
  /** Gets every defect (code INTERNAL) and every outage of the database: never what a client did wrong. */
  readonly reportFailure: ReportFailure;
}

/** Of everything that is no surface of its own: health, what dm3's CCIP gateway asks, paths where nothing is. */
const OTHER_STATUS: Statuses<"NOT_FOUND" | "DATABASE_UNAVAILABLE" | "INVALID_CONFIGURATION"> = {
  INVALID_REQUEST: 400,
  NOT_FOUND: 404,
  TOO_LARGE: 413,
  INTERNAL: 500,
  INVALID_CONFIGURATION: 500,
  DATABASE_UNAVAILABLE: 503,
};

export function createHttpApp(parts: HttpParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");

  // services may call it from their own pages
  app.use(cors({ exposedHeaders: [REQUEST_ID_HEADER, "etag", "retry-after"] }));

  const nowMs = Date.now;
  const countKeyless = keylessLimit(parts.trustedProxies, nowMs);
  app.use("/v1", v1Routes({ ...parts, nowMs, countKeyless }, parts.reportFailure));
  const { dm3Domains } = parts;
  if (dm3Domains) {
    app.use("/profile", dm3Routes({ ...parts, domains: dm3Domains, nowMs, countKeyless }));
    app.get(HANDLER_PATH, handlerRoute(parts.records, dm3Domains));
  }
  app.use("/health", healthRoutes(parts.readiness));
  app.use(notFound, refuse(OTHER_STATUS, parts.reportFailure));
  return app;
}

const notFound: RequestHandler = (request) => {
  throw new SignpostError(
    "NOT_FOUND",
    `Nothing answers ${request.method} on this path; docs/api.md lists the routes.`,
  );
};
