/** Chain reads, kept for a while: a flood of messages asks about a wallet once. */
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import type { WalletFacts } from "./filters.js";

const KEPT_MS = 5 * 60_000;
const MOST = 50_000;

/** What could not be found out is not kept. */
export function rememberedFacts(facts: WalletFacts, nowMs: () => number): WalletFacts {
  const known = new Map<string, { readonly fact: Promise<bigint>; readonly untilMs: number }>();

  function remembered(key: string, read: () => Promise<bigint>): Promise<bigint> {
    const entry = known.get(key);
    if (entry !== undefined && nowMs() < entry.untilMs) return entry.fact;
    const fact = read();
    known.delete(key);
    known.set(key, { fact, untilMs: nowMs() + KEPT_MS });
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    fact.catch(() => known.delete(key));
    return fact;
  }

  const of = (wallet: Address) => toHex(wallet);
  return {
    balanceOf: (wallet) => remembered(`balance ${of(wallet)}`, () => facts.balanceOf(wallet)),
    nonceOf: (wallet) => remembered(`nonce ${of(wallet)}`, () => facts.nonceOf(wallet)),
    tokenBalanceOf: (token, wallet) =>
      remembered(`${token} ${of(wallet)}`, () => facts.tokenBalanceOf(token, wallet)),
  };
}
