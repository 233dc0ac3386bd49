/** The lookup page as somebody sees it: opened in a tab of its own, read by its texts, with all that it asked noted. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, ConsoleMessage, Locator, Page } from "playwright-core";

/** For people to look at after a run. */
export const SCREENSHOTS = join(tmpdir(), "signpost-lookup-page");

export interface OpenPage {
  readonly page: Page;
  readonly result: Locator;
  readonly announcement: Locator;
  /** "METHOD URL" of every request. */
  readonly requests: readonly string[];
  /** What the page's policy stopped, as "directive URL". */
  readonly policyViolations: () => Promise<readonly string[]>;
  /** Errors of scripts, and what the console calls one; but for requests that failed. */
  readonly errors: readonly string[];
  /** When a lookup has an outcome. */
  readonly outcome: () => Promise<string>;
  readonly close: () => Promise<void>;
}

declare global {
  interface Window {
    policyViolations: string[];
  }
}

export async function openPage(
  context: BrowserContext,
  url: string,
  { before = () => Promise.resolve() }: { before?: (page: Page) => Promise<void> } = {},
): Promise<OpenPage> {
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("console", (message) => {
    if (message.type() === "error" && !isFailedRequest(message)) errors.push(message.text());
  });
  // tsx names the functions of what is handed to the page
  await page.addInitScript({ content: "globalThis.__name = (named) => named;" });
  await page.addInitScript(() => {
    window.policyViolations = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
      window.policyViolations.push(`${effectiveDirective} ${blockedURI}`);
    });
  });
  await before(page);
  await page.goto(url);
  const result = page.locator("#result");
  return {
    ...{ page, result, requests, errors },
    announcement: page.getByRole("status"),
    policyViolations: () => page.evaluate(() => window.policyViolations),
    outcome: async () => {
      await result.waitFor({ state: "visible" });
      return result.innerText();
    },
    close: () => page.close(),
  };
}

/** Of what the policy stops, `policyViolations` tells. */
const isFailedRequest = (message: ConsoleMessage) =>
  /Failed to load resource|blocked by CORS policy|net::ERR_|Content Security Policy/.test(
    message.text(),
  );
