/** What goes through express: the handlers of all capabilities, health, and what becomes of an error. */
import type { RequestListener } from "node:http";
import cors from "cors";
import express, { type Express, type Request, type RequestHandler, type Response } from "express";
import { SignpostError } from "../errors.js";
import { healthRoutes } from "./healthRoutes.js";
import type { Readiness } from "./readiness.js";
import { refuse, type ReportFailure } from "./refuse.js";
import { REQUEST_ID_HEADER } from "./requestId.js";
import type { Statuses } from "./shownError.js";

interface HttpHandler {
  readonly path: string;
  readonly handler: RequestHandler;
  /** The codes that it refuses with; whatever else it throws is a defect. */
  readonly statuses: Statuses<never>;
}

export interface HttpParts {
  /** Below their paths, in this order. */
  readonly handlers: readonly HttpHandler[];
  readonly readiness: Readiness;
  /** Gets every defect (code INTERNAL) and every outage of the database: never what a client did wrong. */
  readonly reportFailure: ReportFailure;
}

/** Of health, and of paths where nothing is. */
const OTHER_STATUS: Statuses<"NOT_FOUND"> = {
  INVALID_REQUEST: 400,
  NOT_FOUND: 404,
  TOO_LARGE: 413,
  INTERNAL: 500,
};

export function createHttpApp(parts: HttpParts): RequestListener {
  const app: Express = express();
  app.disable("x-powered-by");
  app.disable("etag");

  // services may call it from their own pages
  app.use(cors({ exposedHeaders: [REQUEST_ID_HEADER, "etag", "retry-after"] }));
  for (const { path, handler, statuses } of parts.handlers) {
    app.use(path, handler, refuse(statuses, parts.reportFailure));
  }
  app.use("/health", healthRoutes(parts.readiness));
  app.use(notFound, refuse(OTHER_STATUS, parts.reportFailure));
  return (request, response) => {
    // reached only when the refusal itself failed: express would answer with a page, and the stack on it
    app(request as Request, response as Response, (cause: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
      const sentence = "A request could not even be refused; this is a defect, please report it.";
      parts.reportFailure(new SignpostError("INTERNAL", sentence, {}, { cause }));
    });
  };
}

const notFound: RequestHandler = (request) => {
  throw new SignpostError(
    "NOT_FOUND",
    `Nothing answers ${request.method} on this path. Check the path and the method.`,
  );
};
