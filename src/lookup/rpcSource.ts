/** What an app has to ask a chain with, as one provider. */
import type { Eip1193Provider } from "./rpc.js";

/**
 * Anything with EIP-1193's `request`: a wallet in a browser, and clients of viem and wagmi, whose types are narrower
 * than the standard: they take the methods only that they know.
 */
export interface RequestingClient {
  request(args: never): Promise<unknown>;
}

/** Providers of ethers (5 and 6) that speak to one RPC node: `JsonRpcProvider`, `BrowserProvider`. */
export interface EthersProvider {
  send(method: string, params: unknown[]): Promise<unknown>;
  getNetwork(): Promise<unknown>;
}

/** Null for what cannot ask anybody. */
export function providerOf(given: unknown): Eip1193Provider | null {
  const has = (method: string) =>
    typeof (Object(given ?? {}) as Record<string, unknown>)[method] === "function";
  if (has("request")) return given as Eip1193Provider;
  if (!has("send") || !has("getNetwork")) return null;
  const ethers = given as EthersProvider;
  return { request: ({ method, params }) => ethers.send(method, params) };
}
