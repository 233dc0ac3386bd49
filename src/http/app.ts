/** The HTTP surface: its route table, and what becomes of an error. */
import cors from "cors";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import type { CcipRouter } from "../ccip/router.js";
import { SignpostError } from "../errors.js";
import type { GatewayCall } from "../gateway/gateway.js";
import type { RegistryStores } from "../registry/store.js";
import { ccipRoutes } from "./ccipRoutes.js";
import { type Readiness, healthRoutes } from "./healthRoutes.js";
import { HTTP_STATUS, toSignpostError } from "./status.js";
import { v1Routes } from "./v1Routes.js";

export interface HttpParts {
  readonly gateway: CcipRouter<GatewayCall>;
  readonly registry: RegistryStores;
  readonly readiness: Readiness;
  /** Gets every defect (code INTERNAL) and every outage of the database: never what a client did wrong. */
  readonly reportFailure: (error: SignpostError) => void;
}

export function createHttpApp(parts: HttpParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");

  // ENSIP-22: browsers call gateways from any page, with a JSON body
  app.use(cors());

  app.use("/ccip", ccipRoutes(parts.gateway), notFound, onError(parts, ccipErrorBody));
  app.use("/v1", v1Routes(parts.registry), notFound, onError(parts, apiErrorBody));
  app.use("/health", healthRoutes(parts.readiness));
  app.use(notFound, onError(parts, apiErrorBody));
  return app;
}

/** ERC-3668 knows no more than a message. */
function ccipErrorBody({ message }: SignpostError): object {
  return { message };
}

function apiErrorBody({ code, message, details }: SignpostError): object {
  return { code, message, details };
}

const notFound: RequestHandler = (request) => {
  throw new SignpostError(
    "NOT_FOUND",
    `Nothing answers ${request.method} on this path; the README lists the routes.`,
  );
};

function onError(parts: HttpParts, body: (error: SignpostError) => object): ErrorRequestHandler {
  // express knows an error handler by its four parameters
  return (thrown, _request, response, next) => {
    if (response.headersSent) {
      next(thrown);
      return;
    }
    const error = toSignpostError(thrown);
    const status = HTTP_STATUS[error.code];
    if (status >= 500) parts.reportFailure(error);
    response.status(status).json(body(error));
  };
}
