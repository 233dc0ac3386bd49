/** GET of a page, and of the two files that it needs. */
import { type Request, type RequestHandler, type Response, Router } from "express";
import { SignpostError } from "../../errors.js";
import type { Statuses } from "../shownError.js";
import { type Page, policyOf } from "./page.js";
import type { PageFile } from "./pageFiles.js";

const HEADERS = {
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
export const PAGE_STATUS: Statuses<never> = {
  INVALID_REQUEST: 405,
  TOO_LARGE: 413,
  INTERNAL: 500,
};

export function pageRoutes(page: Page, files: readonly PageFile[]): RequestHandler {
  const headers = { ...HEADERS, "content-security-policy": policyOf(page) };
  const router = Router({ strict: true });
  for (const file of files) {
    const route = router.route(file.path);
    if (file.path === "/") route.get(withoutLastSlash(page));
    route.get((request, response) => {
      send(file, headers, request, response);
    });
    route.all(refuseMethod(page));
  }
  return router;
}

/** The page's own URLs are relative, so that it works below any path: with a slash at the end they would lead nowhere. */
const withoutLastSlash =
  ({ path }: Page): RequestHandler =>
  ({ originalUrl }, response, next) => {
    if (!/\/(\?|$)/.test(originalUrl)) next();
    else response.set("cache-control", "no-cache").status(308).set("location", `../${path}`).end();
  };

function send(
  file: PageFile,
  headers: Readonly<Record<string, string>>,
  request: Request,
  response: Response,
): void {
  const encoding = request.acceptsEncodings("br", "gzip", "identity") || "identity";
  const { bodies, etags, contentType } = file;
  const chosen = encoding === "br" || encoding === "gzip" ? encoding : "identity";
  response.set(headers);
  response.set("etag", etags[chosen]);
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  response.set("content-type", contentType);
  if (chosen !== "identity") response.set("content-encoding", chosen);
  response.send(bodies[chosen]);
}

const refuseMethod =
  ({ title }: Page): RequestHandler =>
  (request, response) => {
    response.set("allow", "GET, HEAD");
    throw new SignpostError(
      "INVALID_REQUEST",
      `The ${title} is read by GET; ${request.method} does nothing here.`,
    );
  };
