/** Reading a contract that may be anything: what it does not have is null or false, not an error. */
import type { AbiFunction } from "../abi/abiFunction.js";
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import { supportsInterface } from "../ens/resolverFunctions.js";
import { isSignpostError } from "../errors.js";
import { askNode, type Chain } from "./askNode.js";
import { callContract } from "./ethCall.js";

/**
 * What a view function of the contract returns, or null when the contract has no such function: it
 * reverts, or returns something else. Throws UNREACHABLE.
 */
export async function viewOf<In extends readonly unknown[], Out extends readonly unknown[]>(
  chain: Chain,
  contract: Address,
  view: AbiFunction<In, Out>,
  ...args: In
): Promise<Out | null> {
  const result = await callContract(chain, contract, view.encodeInput(...args));
  if (result.kind === "reverted") return null;
  try {
    return view.decodeOutput(result.data);
  } catch (error) {
    if (isSignpostError(error, "INVALID_CALL_DATA")) return null;
    throw error;
  }
}

/** ERC-165, `interfaceId` of 4 bytes: everything but a well-formed `true` means no. Throws UNREACHABLE. */
export async function claimsInterface(
  chain: Chain,
  contract: Address,
  interfaceId: Uint8Array,
): Promise<boolean> {
  return (await interfaceClaim(chain, contract, interfaceId)) ?? false;
}

/**
 * The same where a wrong "no" would do harm: null when the contract reverts, which ERC-165 does not foresee. Either it
 * knows no ERC-165, or the node fails in a way that looks like a revert. Throws UNREACHABLE.
 */
export async function interfaceClaim(
  chain: Chain,
  contract: Address,
  interfaceId: Uint8Array,
): Promise<boolean | null> {
  const call = supportsInterface.encodeInput(interfaceId);
  const { kind, data } = await callContract(chain, contract, call);
  if (kind === "reverted") return null;
  try {
    return supportsInterface.decodeOutput(data)[0];
  } catch (error) {
    if (isSignpostError(error, "INVALID_CALL_DATA")) return false;
    throw error;
  }
}

/** Whether there is a contract at the address. Throws UNREACHABLE. */
export async function hasCode(chain: Chain, address: Address): Promise<boolean> {
  const code = await askNode(chain, "eth_getCode", toHex(address), "latest");
  return typeof code === "string" && code.length > 2;
}
