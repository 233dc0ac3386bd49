/**
 * Mounts the routes. In this order: who it is, how much that one may still ask, the body, and then the work; each
 * bounded before it is done, and shared with whoever else comes.
 */
import { type Request, type RequestHandler, type Response, Router } from "express";
import { assertScope } from "../../registry/access/openApiKey.js";
import { parseInput } from "../../wire/parseInput.js";
import { announcedBytes, readJson } from "../body/readJson.js";
import { takeBytes, takeChanges, takeRead } from "../fairness/keyAllowance.js";
import type { Outside, Tenant } from "../fairness/shares.js";
import { type KeyDoor, keyDoor, tenantOf } from "./keyDoor.js";
import type { ApiParts, KeyedRoute, OpenRoute, Route } from "./route.js";
import { untilTaken } from "./untilTaken.js";

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
      if (route.scope !== "any") assertScope(one, route.scope);
      if (route.method === "get" || route.isRead) await takeRead(limits, one);
      else await takeChanges(limits, one, 1);
      if (bytes > 0) await takeBytes(limits, one, bytes);
    });
    const tenant = tenantOf(key);
    const countChanges = (count: number) => takeChanges(limits, key, count, 1);
    const call = { ...parts, request, response, tenant, key, countChanges };
    await inItsTurn(route, request, response, tenant, parts, {
      wait: async (input) => route.waits?.({ ...call, ...input }),
      work: (input) => route.run({ ...call, ...input }),
    });
  };
}

function openHandler(route: OpenRoute<unknown, unknown>, parts: ApiParts): RequestHandler {
  const { strangers, shares } = parts;
  return async (request, response) => {
    // a stranger's body is not even read
    await strangers.count(request, route.isOfWriting);
    const tenant = strangers.tenantOf(request);
    await inItsTurn(route, request, response, tenant, parts, {
      work: (input, outside) => {
        const contractWallets = shares.wallets(parts.contractWallets, tenant, outside);
        return route.run({ ...parts, ...input, contractWallets, request, response, tenant });
      },
    });
  };
}

type Input = Awaited<ReturnType<typeof inputOf>>;

interface Task {
  readonly wait?: (input: Input) => Promise<void>;
  readonly work: (input: Input, outside: Outside) => Promise<void>;
}

/** Reads the body, waits, and does the work, each with the tenant's share of what that takes. */
async function inItsTurn(
  route: Route,
  request: Request,
  response: Response,
  tenant: Tenant,
  parts: ApiParts,
  { wait, work }: Task,
): Promise<void> {
  const { shares } = parts;
  await shares.withBody(tenant, bytesOf(route, request), async () => {
    const input = await inputOf(route, request, parts);
    await wait?.(input);
    const inPlace = () => shares.withPlace(tenant, (outside) => work(input, outside));
    if (route.sendsPage === undefined) await inPlace();
    else await untilTaken(response, tenant, shares, inPlace);
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
