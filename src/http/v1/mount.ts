/** Mounts the routes: API key and scope first, then the body, then the work. */
import { json, type Request, type RequestHandler, Router } from "express";
import { SignpostError } from "../../errors.js";
import { assertScope, openApiKey } from "../../registry/access/openApiKey.js";
import type { ApiKey } from "../../registry/domains/apiKey.js";
import { parseInput } from "../../wire/parseInput.js";
import { assertWithin } from "../keylessLimit.js";
import { type RateLimits, rateLimits } from "../rateLimits.js";
import type { ApiParts, KeyedRoute, OpenRoute, Route } from "./route.js";

export function mount(routes: readonly Route[], parts: ApiParts): Router {
  const router = Router();
  const limits = rateLimits(parts.nowMs);
  for (const route of routes) {
    const reading = route.body ? [bodyUpTo(route.body.limit)] : [];
    // a stranger's body is not even read
    if (route.scope === null) {
      router[route.method](route.path, parts.countKeyless, ...reading, openHandler(route, parts));
    } else {
      const keys = new WeakMap<Request, ApiKey>();
      const handler = keyedHandler(route, parts, limits, keys);
      router[route.method](route.path, authenticate(route, parts, keys), ...reading, handler);
    }
  }
  return router;
}

/** Any content type is taken for JSON; none is inflated, because a kilobyte can become a megabyte. */
export function bodyUpTo(limit: string): RequestHandler {
  return json({ limit, inflate: false, type: () => true });
}

function authenticate(
  { scope }: KeyedRoute<unknown, unknown>,
  { registry: { domains }, nowMs }: ApiParts,
  keys: WeakMap<Request, ApiKey>,
): RequestHandler {
  return async (request, _response, next) => {
    const key = await openApiKey(domains, bearerToken(request));
    assertScope(key, scope);
    if (nowMs() - (key.lastUsedMs ?? 0) >= 60_000) await domains.noteUse(key.id);
    keys.set(request, key);
    next();
  };
}

function keyedHandler(
  route: KeyedRoute<unknown, unknown>,
  parts: ApiParts,
  limits: RateLimits,
  keys: WeakMap<Request, ApiKey>,
): RequestHandler {
  return async (request, response) => {
    const key = keys.get(request) ?? unauthenticated();
    const countChanges = (count: number) => {
      const { changesPerMinute, changesPerDay } = key.limits;
      assertWithin(
        response,
        limits.take(`${key.id}/minute`, changesPerMinute, 60, count),
        changesPerMinute,
      );
      assertWithin(
        response,
        limits.take(`${key.id}/day`, changesPerDay, 86_400, count),
        changesPerDay,
      );
    };
    if (route.method !== "get") countChanges(1);
    const input = inputOf(route, request);
    await route.run({ ...parts, ...input, request, response, key, countChanges });
  };
}

function openHandler(route: OpenRoute<unknown, unknown>, parts: ApiParts): RequestHandler {
  return async (request, response) => {
    await route.run({ ...parts, ...inputOf(route, request), request, response });
  };
}

function inputOf({ body, query }: Route, request: Request) {
  return {
    body: body && parseInput(body.schema, "The body", request.body ?? {}),
    query: query && parseInput(query, "The query", request.query),
  };
}

/** RFC 6750, section 2.1: the key travels in a header, never in a URL that logs keep. */
function bearerToken(request: Request): string {
  const token = /^Bearer +(\S+) *$/i.exec(request.get("authorization") ?? "")?.[1];
  if (token) return token;
  throw new SignpostError(
    "UNAUTHORIZED",
    "This needs the API key of a domain; send it as `Authorization: Bearer <key>`.",
  );
}

/** No request gets past the API key without it. */
function unauthenticated(): never {
  throw new SignpostError("INTERNAL", "A request reached a route without its API key checked.");
}
