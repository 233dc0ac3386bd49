/**
 * Mounts the routes. In this order: who it is, how much that one may still ask, the body, and then the work; each
 * bounded before it is done, and shared with whoever else comes.
 */
import { once } from "node:events";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { assertScope } from "../../registry/access/openApiKey.js";
import { parseInput } from "../../wire/parseInput.js";
import { announcedBytes, readJson } from "../body/readJson.js";
import type { ApiShares } from "../fairness/apiShares.js";
import { takeBytes, takeChanges, takeRead } from "../fairness/keyAllowance.js";
import type { Outside, Tenant } from "../fairness/shares.js";
import { type KeyDoor, keyDoor, tenantOf } from "./keyDoor.js";
import type { ApiParts, KeyedRoute, OpenRoute, Route } from "./route.js";

export function mount(routes: readonly Route[], parts: ApiParts): Router {
  const router = Router();
  const door = keyDoor(parts);
  for (const route of routes) {
    router[route.method](
      route.path,
      route.scope === null ? openHandler(route, parts) : keyedHandler(route, parts, door),
    );
  }
  return router;
}

function keyedHandler(
  route: KeyedRoute<unknown, unknown>,
  parts: ApiParts,
  door: KeyDoor,
): RequestHandler {
  const { limits } = parts;
  return async (request, response) => {
    const bytes = bytesOf(route, request);
    const key = await door(request, async (one) => {
      assertScope(one, route.scope);
      if (route.method === "get") await takeRead(limits, one);
      else await takeChanges(limits, one, 1);
      if (bytes > 0) await takeBytes(limits, one, bytes);
    });
    const tenant = tenantOf(key);
    await inItsTurn(route, request, response, tenant, parts, (input) => {
      const countChanges = (count: number) => takeChanges(limits, key, count, 1);
      return route.run({ ...parts, ...input, request, response, tenant, key, countChanges });
    });
  };
}

function openHandler(route: OpenRoute<unknown, unknown>, parts: ApiParts): RequestHandler {
  const { strangers, shares } = parts;
  return async (request, response) => {
    // a stranger's body is not even read
    await strangers.count(request);
    const tenant = strangers.tenantOf(request);
    await inItsTurn(route, request, response, tenant, parts, (input, outside) => {
      const contractWallets = shares.wallets(parts.contractWallets, tenant, outside);
      return route.run({ ...parts, ...input, contractWallets, request, response, tenant });
    });
  };
}

/** Reads the body and does the work, each with the tenant's share of what that takes. */
async function inItsTurn(
  route: Route,
  request: Request,
  response: Response,
  tenant: Tenant,
  parts: ApiParts,
  work: (input: Awaited<ReturnType<typeof inputOf>>, outside: Outside) => Promise<void>,
): Promise<void> {
  const { shares } = parts;
  await shares.withBody(tenant, bytesOf(route, request), async () => {
    const input = await inputOf(route, request, parts);
    await untilTaken(route, response, tenant, shares, () =>
      shares.withPlace(tenant, (outside) => work(input, outside)),
    );
  });
}

/** A page that was made is kept until its client has read it, or is cut off. */
async function untilTaken(
  { sendsPage }: Route,
  response: Response,
  tenant: Tenant,
  shares: ApiShares,
  work: () => Promise<void>,
): Promise<void> {
  if (sendsPage === undefined) return work();
  await shares.withPage(tenant, async () => {
    await work();
    if (!response.writableFinished && !response.destroyed) await once(response, "close");
  });
}

function bytesOf({ body }: Route, request: Request): number {
  return body === undefined ? 0 : Math.min(announcedBytes(request, body.mostBytes), body.mostBytes);
}

async function inputOf({ body, query }: Route, request: Request, { shares }: ApiParts) {
  const given = body && (await readJson(request, { ...body, pause: shares.pause }));
  return {
    body: body && parseInput(body.schema, "The body", given === undefined ? {} : given),
    query: query && parseInput(query, "The query", request.query),
  };
}
