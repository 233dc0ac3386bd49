import { fromHex, toHex } from "../abi/hex.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { Deadline } from "../fetch/deadline.js";
import { foreignText } from "../fetch/foreignText.js";
import { shortReason } from "../fetch/serversAsked.js";
import { revertDataOf } from "./revertData.js";
import type { Eip1193Provider } from "./rpc.js";

/** A chain to ask, and how long. */
export interface Chain {
  readonly provider: Eip1193Provider;
  readonly deadline: Deadline;
}

/** What the EVM said. That it could not be asked is no result but UNREACHABLE. */
export type CallResult =
  | { readonly kind: "returned"; readonly data: Uint8Array }
  | { readonly kind: "reverted"; readonly data: Uint8Array };

export const RPC_NODE = "RPC node";

/** The transaction object of `eth_call`; without `to`, `data` is run as creation code. All in 0x hex. */
export interface EthCall {
  readonly to?: string;
  readonly from?: string;
  readonly gas?: string;
  readonly data: string;
}

/**
 * Calls a contract (20-byte address) at the latest block without sending a transaction.
 * Throws UNREACHABLE, with `details.unreachable` naming the RPC node.
 */
export function callContract(
  chain: Chain,
  contract: Uint8Array,
  callData: Uint8Array,
): Promise<CallResult> {
  return ethCall(chain, { to: toHex(contract), data: toHex(callData) }, "latest");
}

/** `block`: "latest", or a number as 0x hex. Throws UNREACHABLE as `callContract` does. */
export async function ethCall(
  { provider, deadline }: Chain,
  call: EthCall,
  block: string,
): Promise<CallResult> {
  try {
    const request = provider.request({ method: "eth_call", params: [call, block] });
    return { kind: "returned", data: returnedBytes(await deadline.race(request)) };
  } catch (error) {
    if (isSignpostError(error)) throw cannotAsk(shortReason(error), error);
    const data = revertDataOf(error);
    if (data !== null) return { kind: "reverted", data };
    throw cannotAsk(error instanceof Error ? error.message : "unknown reason", error);
  }
}

function returnedBytes(result: unknown): Uint8Array {
  try {
    return fromHex(String(result));
  } catch (cause) {
    const reason = "it answered eth_call with no hexadecimal text";
    throw new SignpostError(
      "UNREACHABLE",
      `The RPC node is faulty: ${reason}.`,
      { reason },
      { cause },
    );
  }
}

/** A node may answer with megabytes: cut first, and look for schemes of a bounded length only. */
function withoutUrls(reason: string): string {
  return reason.slice(0, 400).replace(/\b[a-z][a-z0-9+.-]{0,15}:\/\/\S+/gi, "(URL left out)");
}

/** UNREACHABLE for the RPC node, without its URL, which may hold an API key. */
export function cannotAsk(reason: string, cause: unknown): SignpostError {
  // libraries print the request's URL, which may hold an API key, into their messages
  const safe = foreignText(withoutUrls(reason)).replace(/\.$/, "");
  return new SignpostError(
    "UNREACHABLE",
    `The RPC node could not be asked: ${safe}. Try again later, or use another node.`,
    { unreachable: [{ who: RPC_NODE, reason: safe }] },
    { cause },
  );
}
