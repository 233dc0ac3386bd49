/** Accounts that cannot sign a transaction by themselves: contracts, such as multisigs. */
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import { askNode, type Chain } from "../lookup/askNode.js";

/** EIP-7702: an account with a key that has lent itself a contract's code. It signs as before. */
const DELEGATION = /^0xef0100[0-9a-f]{40}$/i;

/** Throws UNREACHABLE. */
export async function isContractAccount(chain: Chain, account: Address): Promise<boolean> {
  const code = await askNode(chain, "eth_getCode", toHex(account), "latest");
  return typeof code === "string" && code.length > 2 && !DELEGATION.test(code);
}
