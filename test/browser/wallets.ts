/** Wallets as extensions put them into a page: they pass on to a node, and note that they were asked. */
import type { Page } from "playwright-core";

export interface AnnouncedWallet {
  readonly name: string;
  readonly rdns: string;
  readonly icon: string;
  /** Announces itself only when a page asks, as extensions do that are there before it. */
  readonly onlyWhenAsked?: boolean;
}

declare global {
  interface Window {
    /** By rdns, how many requests each has had. */
    walletsAsked: Record<string, number>;
  }
}

/** Beside those that announce themselves there is window.ethereum, which one of them has won. */
export async function putWallets(
  page: Page,
  url: string,
  announced: readonly AnnouncedWallet[],
): Promise<void> {
  await page.addInitScript(
    ([rpcUrl, wallets]) => {
      window.walletsAsked = {};
      const providerOf = (rdns: string) => ({
        request: async (question: object) => {
          window.walletsAsked[rdns] = (window.walletsAsked[rdns] ?? 0) + 1;
          const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...question });
          const headers = { "content-type": "application/json" };
          const answered = await fetch(rpcUrl, { method: "POST", headers, body });
          const { result, error } = (await answered.json()) as { result: unknown; error?: object };
          if (error !== undefined) throw Object.assign(new Error("of the node"), error);
          return result;
        },
      });
      Object.assign(window, { ethereum: providerOf("window.ethereum") });
      const announce = (detail: unknown) => {
        window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
      };
      for (const [at, { name, rdns, icon, onlyWhenAsked }] of wallets.entries()) {
        const info = { uuid: `350670db-19fa-4704-a166-e52e178b59d${at}`, name, rdns, icon };
        const detail = Object.freeze({ info: Object.freeze(info), provider: providerOf(rdns) });
        window.addEventListener("eip6963:requestProvider", () => {
          announce(detail);
        });
        if (onlyWhenAsked !== true) announce(detail);
      }
      // what is no wallet
      window.addEventListener("eip6963:requestProvider", () => {
        for (const detail of [null, undefined, 7, {}, { info: { name: "none" } }]) announce(detail);
      });
    },
    [url, announced] as const,
  );
}
