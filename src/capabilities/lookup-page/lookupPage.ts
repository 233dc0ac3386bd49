/** A page that looks up names in the visitor's browser, by the SDK. The service only hands out its files. */
import type { Page } from "../../http/web/page.js";
import { pageCapability, startPage } from "../../service/pageCapability.js";

export const LOOKUP_PAGE: Page = {
  path: "lookup",
  built: "page",
  title: "lookup page",
  capability: "lookup-page",
  // RPC node, gateways and links are known at run time only
  mayAsk: "https: http://127.0.0.1:* http://localhost:*",
  furtherPolicy: [],
};

export const lookupPage = pageCapability(
  LOOKUP_PAGE,
  "GET /lookup: a page that looks up and verifies names in the visitor's browser",
);

/** Throws INVALID_CONFIGURATION where the page was not built. */
export const startLookupPage = () => startPage(LOOKUP_PAGE);
