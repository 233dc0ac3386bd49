/**
 * The service API, its table of contents. What a service does with the API key of its domain, and what wallets do with
 * a signature; docs/api.md explains it, GET /v1/openapi.json describes it.
 */
import type { Router } from "express";
import { openObject } from "../../wire/shape.js";
import { batchRoutes } from "./batchRoute.js";
import { changeRoutes } from "./changeRoutes.js";
import { domainRoutes } from "./domainRoutes.js";
import { exportRoutes } from "./exportRoutes.js";
import { keyRoutes } from "./keyRoutes.js";
import { mount } from "./mount.js";
import { nameRoutes } from "./nameRoutes.js";
import { networkRoutes } from "./networkRoutes.js";
import { nodeRoutes } from "./nodeRoutes.js";
import { openApiDocument } from "./openApi.js";
import { operationRoutes } from "./operationRoutes.js";
import { recordRoutes } from "./recordRoutes.js";
import { requestRoutes } from "./requestRoutes.js";
import { type ApiParts, open, type Route } from "./route.js";
import { sessionRoutes } from "./sessionRoutes.js";
import { sourceRoutes } from "./sourceRoutes.js";
import { standingRoutes } from "./standingRoutes.js";
import { statementRoutes } from "./statementRoutes.js";

const routes: readonly Route[] = [
  ...nameRoutes,
  ...recordRoutes,
  ...statementRoutes,
  ...networkRoutes,
  ...nodeRoutes,
  ...batchRoutes,
  ...changeRoutes,
  ...exportRoutes,
  ...domainRoutes,
  ...standingRoutes,
  ...sourceRoutes,
  ...keyRoutes,
  ...sessionRoutes,
  ...requestRoutes,
  ...operationRoutes,
];

const documentation = open({
  method: "get",
  path: "/openapi.json",
  scope: null,
  summary: "This document",
  answers: { 200: openObject({}) },
  refusals: [],
  run: ({ response }) => {
    response.type("json").send(document);
    return Promise.resolve();
  },
});

export const v1RouteTable: readonly Route[] = [...routes, documentation];

/** Made once: it is long. */
const document = Buffer.from(JSON.stringify(openApiDocument(v1RouteTable)));

/** Refuses by SERVICE_STATUS. */
export function v1Routes(parts: ApiParts): Router {
  return mount(v1RouteTable, parts);
}
