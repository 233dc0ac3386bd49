/** The wallets that this browser shows to the page: those that announce themselves (EIP-6963), else window.ethereum. */
import type { Eip1193Provider } from "../../sdk/index.js";

export interface Wallet {
  /** As it calls itself, without what is not to be seen; null for window.ethereum, which has no name. */
  readonly name: string | null;
  /** Reverse domain name of its maker, by which it is known the next time; empty for window.ethereum. */
  readonly rdns: string;
  readonly provider: Eip1193Provider;
}

const LONGEST_NAME = 40;
const MOST_WALLETS = 20;

/**
 * Asks wallets to announce themselves and listens from now on, since some come late. Their icons are not shown: what
 * a wallet says of itself is text.
 */
export function watchWallets(onAnnounced: (wallet: Wallet) => void): void {
  const seen = new Set<unknown>();
  window.addEventListener("eip6963:announceProvider", (event) => {
    const wallet = walletOf((event as CustomEvent<unknown>).detail);
    // each announces itself whenever a page or extension asks
    if (wallet === null || seen.has(wallet.provider) || seen.size === MOST_WALLETS) return;
    seen.add(wallet.provider);
    onAnnounced(wallet);
  });
  window.dispatchEvent(new Event("eip6963:requestProvider"));
}

/** Where none announces itself. */
export function injectedWallet(): Wallet | null {
  const { ethereum } = globalThis as { ethereum?: unknown };
  return isProvider(ethereum) ? { name: null, rdns: "", provider: ethereum } : null;
}

function walletOf(detail: unknown): Wallet | null {
  const { info, provider } = (detail ?? {}) as { info?: unknown; provider?: unknown };
  const { name, rdns } = (info ?? {}) as { name?: unknown; rdns?: unknown };
  if (!isProvider(provider)) return null;
  return { name: shown(name) || "a wallet without a name", rdns: shown(rdns), provider };
}

function isProvider(value: unknown): value is Eip1193Provider {
  return typeof (value as Partial<Eip1193Provider> | null | undefined)?.request === "function";
}

/** Without control characters and those that turn the direction of the text around it. */
function shown(text: unknown): string {
  if (typeof text !== "string") return "";
  const visible = text
    .slice(0, 10 * LONGEST_NAME)
    .replace(/\p{C}/gu, "")
    .trim();
  return visible.length > LONGEST_NAME ? `${visible.slice(0, LONGEST_NAME)}…` : visible;
}
