/** `eth_call`: what a contract returns, without a transaction. */
import { fromHex, toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import { isSignpostError, SignpostError } from "../errors.js";
import { cannotAsk, type Chain, reasonOf } from "./askNode.js";
import { revertDataOf } from "./revertData.js";

/** What the EVM said. A node that does not answer is no result: it throws UNREACHABLE. */
export type CallResult =
  | { readonly kind: "returned"; readonly data: Uint8Array }
  | { readonly kind: "reverted"; readonly data: Uint8Array };

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
  contract: Address,
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
    const data = isSignpostError(error) ? null : revertDataOf(error);
    if (data !== null) return { kind: "reverted", data };
    throw cannotAsk(reasonOf(error), error);
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
