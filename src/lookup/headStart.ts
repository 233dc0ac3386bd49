/** One question to the chain before its place is due, for a resolver that is only likely to be the right one. */
import { toHex } from "../abi/hex.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import type { Chain } from "./askNode.js";
import { type FoundResolver, outerCall } from "./callResolver.js";
import type { EthCall } from "./ethCall.js";
import type { Eip1193Provider } from "./rpc.js";

/**
 * Makes the `eth_call` of `callResolver` for `likely` at once. When ENS then names that resolver, its answer
 * is there already; otherwise nobody reads it. Nothing is asked unless `likely` stands for a name above `asked`.
 */
export function withHeadStart<C extends Chain>(
  chain: C,
  likely: FoundResolver | null,
  asked: ResolvableName,
  call: Uint8Array,
): C {
  if (likely === null || !likely.extended || !asked.name.endsWith(`.${likely.registeredName}`)) {
    return chain;
  }
  const { provider } = chain;
  const to = toHex(likely.address);
  const data = toHex(outerCall(likely, asked, call));
  const ahead = provider.request({ method: "eth_call", params: [{ to, data }, "latest"] });
  // the one who comes to ask gets the error; perhaps nobody does
  ahead.catch(() => undefined);
  const answering: Eip1193Provider = {
    request: (question) => (isCall(question, to, data) ? ahead : provider.request(question)),
  };
  return { ...chain, provider: answering };
}

function isCall(
  { method, params }: { method: string; params: readonly unknown[] },
  to: string,
  data: string,
): boolean {
  const [call] = params as [Partial<EthCall>?];
  return method === "eth_call" && call?.to === to && call.data === data;
}
