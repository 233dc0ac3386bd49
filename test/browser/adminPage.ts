/** The admin page as somebody sees it: opened at a view, signed in to, and read once everything is there. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Wallet } from "ethers";
import type { Locator, Page } from "playwright-core";
import { type OpenPage, openPage } from "./lookupPage.js";

/** For people to look at after a run. */
export const ADMIN_SCREENSHOTS = join(tmpdir(), "signpost-admin-page");

export interface OpenAdminPage extends OpenPage {
  readonly heading: Locator;
  readonly question: Locator;
  /** Every part of the view is read, or failed. */
  readonly ready: () => Promise<void>;
  readonly text: () => Promise<string>;
  readonly signIn: (apiKey: string) => Promise<void>;
  /** By the ways of the page. */
  readonly go: (view: string) => Promise<void>;
}

export async function openAdminPage(
  context: Parameters<typeof openPage>[0],
  url: string,
  options: Parameters<typeof openPage>[2] = {},
): Promise<OpenAdminPage> {
  const open = await openPage(context, url, options);
  const { page } = open;
  const view = page.locator("#view");
  const ready = async () => {
    await view.waitFor();
    await page.waitForFunction(() => document.querySelector("#parts [aria-busy]") === null);
  };
  return {
    ...{ ...open, ready },
    heading: page.locator("#heading"),
    question: page.getByRole("dialog"),
    text: async () => {
      await ready();
      return view.innerText();
    },
    signIn: async (apiKey) => {
      await page.getByLabel("API key", { exact: true }).fill(apiKey);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await ready();
    },
    go: async (name) => {
      await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name }).click();
      await ready();
    },
  };
}

/** What the wallet was asked to sign. */
export interface Signed {
  readonly primaryType: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** A wallet that announces itself (EIP-6963) and signs, or declines where `isWilling` says no. */
export async function putSigningWallet(
  page: Page,
  wallet: Wallet,
  chainId: bigint,
  isWilling: () => boolean = () => true,
): Promise<readonly Signed[]> {
  const signed: Signed[] = [];
  await page.exposeFunction("askWallet", async (method: string, params: readonly string[]) => {
    switch (method) {
      case "eth_accounts":
      case "eth_requestAccounts":
        return { result: [wallet.address] };
      case "eth_chainId":
        return { result: `0x${chainId.toString(16)}` };
      case "eth_signTypedData_v4": {
        if (!isWilling()) return { code: 4001 };
        const typed = JSON.parse(params[1] ?? "") as Signed & {
          domain: object;
          types: { NameRequest: { name: string; type: string }[] };
        };
        signed.push(typed);
        const { NameRequest } = typed.types;
        return { result: await wallet.signTypedData(typed.domain, { NameRequest }, typed.message) };
      }
      default:
        return { code: 4200 };
    }
  });
  await page.addInitScript(() => {
    const { askWallet } = window as unknown as {
      askWallet: (method: string, params: unknown) => Promise<{ result?: unknown; code?: number }>;
    };
    const request = async ({ method, params }: { method: string; params: unknown }) => {
      const { result, code } = await askWallet(method, params);
      if (code !== undefined) throw Object.assign(new Error("of the wallet"), { code });
      return result;
    };
    const info = { uuid: "350670db-19fa-4704-a166-e52e178b59d2", name: "Test Wallet" };
    const detail = { info: { ...info, rdns: "example.test" }, provider: { request } };
    window.addEventListener("eip6963:requestProvider", () => {
      window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
    });
  });
  return signed;
}
