/** GET /lookup, and the two files that the page needs. */
import { type Request, type RequestHandler, type Response, Router } from "express";
import { SignpostError } from "../../errors.js";
import type { Statuses } from "../../http/shownError.js";
import type { PageFile } from "./pageFiles.js";

/** What the page may do; page.html says the same for hosts that send no headers. */
export const PAGE_POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'"],
  // RPC node, gateways and links are known at run time only
  "connect-src https: http://127.0.0.1:* http://localhost:*",
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join("; ");

const HEADERS = {
  "content-security-policy": PAGE_POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  // small files, asked for again each time, and sent again only when they changed
  "cache-control": "no-cache",
  vary: "accept-encoding",
};

/** Nothing is read of a request but its path and its method. */
export const LOOKUP_PAGE_STATUS: Statuses<never> = {
  INVALID_REQUEST: 405,
  TOO_LARGE: 413,
  INTERNAL: 500,
};

export function lookupPageRoutes(files: readonly PageFile[]): RequestHandler {
  const router = Router({ strict: true });
  for (const file of files) {
    const route = router.route(file.path);
    if (file.path === "/") route.get(withoutLastSlash);
    route.get((request, response) => {
      send(file, request, response);
    });
    route.all(refuseMethod);
  }
  return router;
}

/** The page's own URLs are relative, so that it works below any path: with a slash at the end they would lead nowhere. */
const withoutLastSlash: RequestHandler = ({ originalUrl }, response, next) => {
  if (!/\/(\?|$)/.test(originalUrl)) next();
  else response.set("cache-control", "no-cache").status(308).set("location", "../lookup").end();
};

function send(file: PageFile, request: Request, response: Response): void {
  const encoding = request.acceptsEncodings("br", "gzip", "identity") || "identity";
  const { bodies, etags, contentType } = file;
  const chosen = encoding === "br" || encoding === "gzip" ? encoding : "identity";
  response.set(HEADERS);
  response.set("etag", etags[chosen]);
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  response.set("content-type", contentType);
  if (chosen !== "identity") response.set("content-encoding", chosen);
  response.send(bodies[chosen]);
}

const refuseMethod: RequestHandler = (request, response) => {
  response.set("allow", "GET, HEAD");
  throw new SignpostError(
    "INVALID_REQUEST",
    `The lookup page is read by GET; ${request.method} does nothing here.`,
  );
};
