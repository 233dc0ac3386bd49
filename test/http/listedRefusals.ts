/**
 * Watches every answer that a service of this process gives, whoever asked: a refusal of the service API has a code that
 * its route lists, and that code's status; and an ETag comes from a route that says so.
 */
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { expect } from "chai";
import { REQUEST_ID_HEADER } from "../../src/http/requestId.js";
import { refusalsOf } from "../../src/http/v1/refusals.js";
import { SERVICE_STATUS } from "../../src/http/v1/serviceStatus.js";
import { v1RouteTable } from "../../src/http/v1/v1Routes.js";
import type { ServiceCode } from "../../src/wire/refusal.js";

interface Told {
  readonly code?: ServiceCode;
  readonly items?: readonly { readonly error?: { readonly code: ServiceCode } }[];
}

const unlisted: string[] = [];

/** Throws when a refusal was answered that its route does not list, since it was last asked. */
export function expectListedRefusals(): void {
  expect(unlisted.splice(0)).to.deep.equal([]);
}

// express takes letters of either size, and a slash at the end
const patterns = v1RouteTable.map((route) => ({
  route,
  pattern: new RegExp(`^/v1${route.path.replace(/:\w+/g, "[^/]+").replaceAll(".", "\\.")}/?$`, "i"),
}));

interface Seen {
  readonly status: number;
  readonly etag: string | null;
  readonly body: string;
}

function look(method: string, url: string, { status, etag, body }: Seen): void {
  const path = url.replace(/\?.*$/, "");
  if (!/^\/v1(?:\/|$)/i.test(path) || !body.startsWith("{")) return;
  const asked = method === "HEAD" ? "get" : method.toLowerCase();
  const found = patterns.find(({ route, pattern }) => route.method === asked && pattern.test(path));
  const listed: readonly ServiceCode[] = found
    ? refusalsOf(found.route)
    : ["NOT_FOUND", "INVALID_REQUEST"];
  const { code, items = [] } = JSON.parse(body) as Told;
  if (etag !== null && found && !(found.route.answersETag ?? found.route.isConditional)) {
    unlisted.push(`${method} ${url}: its ETag is not listed`);
  }
  const codes = items.flatMap(({ error }) => (error ? [error.code] : []));
  if (status >= 400 && code !== undefined) {
    codes.push(code);
    if (SERVICE_STATUS[code] !== status) unlisted.push(`${method} ${url}: ${status} ${code}`);
  }
  for (const told of codes) {
    if (!listed.includes(told)) unlisted.push(`${method} ${url}: ${told} is not listed`);
  }
}

function watch({ request, response }: { request: IncomingMessage; response: ServerResponse }) {
  // routers change the URL while they look for a route
  const { method = "", url = "" } = request;
  const end = response.end.bind(response) as (...rest: unknown[]) => ServerResponse;
  response.end = (...rest: unknown[]) => {
    const [body] = rest;
    const text = typeof body === "string" || Buffer.isBuffer(body) ? body.toString() : "";
    // every answer of our service names its request; those of the servers that tests make up do not
    if (response.hasHeader(REQUEST_ID_HEADER)) {
      const etag = response.hasHeader("etag") ? String(response.getHeader("etag")) : null;
      look(method, url, { status: response.statusCode, etag, body: text });
    }
    return end(...rest);
  };
}

subscribe("http.server.request.start", (message) => {
  watch(message as Parameters<typeof watch>[0]);
});

// where mocha runs it; `npm run fuzz` asks by itself
if ("afterEach" in globalThis) afterEach(expectListedRefusals);
