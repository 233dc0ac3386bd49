/** ENS's NameWrapper: which contract is one, and what it knows of a name. */
import { abiFunction } from "../abi/abiFunction.js";
import { fromHex } from "../abi/hex.js";
import { toNumber } from "../abi/word.js";
import type { Address } from "../ens/address.js";
import type { Node } from "../ens/namehash.js";
import type { Chain } from "../lookup/askNode.js";
import { claimsInterface, viewOf } from "../lookup/contractView.js";

/** ens-contracts, `INameWrapper`: by which it is told from any other owner (ERC-165). */
const NAME_WRAPPER_ID = fromHex("0xd82c42d8");

const getData = abiFunction<[id: bigint], [owner: Address, fuses: bigint, expiry: bigint]>(
  "function getData(uint256 id) view returns (address owner, uint32 fuses, uint64 expiry)",
);

/** Throws UNREACHABLE. */
export function saysNameWrapper(chain: Chain, contract: Address): Promise<boolean> {
  return claimsInterface(chain, contract, NAME_WRAPPER_ID);
}

/** The owner is zero once a name has expired. Null where the contract is no NameWrapper. Throws UNREACHABLE. */
export async function wrappedData(
  chain: Chain,
  nameWrapper: Address,
  node: Node,
): Promise<{ owner: Address; fuses: bigint; expirySec: bigint } | null> {
  const data = await viewOf(chain, nameWrapper, getData, toNumber(node));
  if (data === null) return null;
  const [owner, fuses, expirySec] = data;
  return { owner, fuses, expirySec };
}
