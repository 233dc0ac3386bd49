/** A page on which the people of a domain look after it, by the service API. The service only hands out its files. */
import type { Page } from "../../http/web/page.js";
import { pageCapability, startPage } from "../../service/pageCapability.js";

export const ADMIN_PAGE: Page = {
  path: "admin",
  built: "admin-page",
  title: "admin page",
  capability: "admin-page",
  mayAsk: "'self'",
  // texts of strangers never become markup, whatever the script does
  furtherPolicy: ["require-trusted-types-for 'script'", "trusted-types 'none'"],
};

export const adminPage = pageCapability(
  ADMIN_PAGE,
  "GET /admin: a page for the people of a domain: names, keys, problems, health",
);

/** Throws INVALID_CONFIGURATION where the page was not built. */
export const startAdminPage = () => startPage(ADMIN_PAGE);
