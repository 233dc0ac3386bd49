/** Which resolvers are OffchainResolvers of Signpost. */
import { abiFunction } from "../abi/abiFunction.js";
import { type Address, parseAddress } from "../ens/address.js";
import type { Chain } from "../lookup/askNode.js";
import { viewOf } from "../lookup/contractView.js";

const signers = abiFunction<[], [signers: Address[]]>(
  "function signers() view returns (address[])",
);
const maxValiditySec = abiFunction<[], [seconds: bigint]>(
  "function maxValiditySec() view returns (uint64)",
);

/** Told by the settings that only ours has; whose it is, the chain does not tell. Throws UNREACHABLE. */
export async function isOffchainResolver(chain: Chain, resolver: string): Promise<boolean> {
  const contract = parseAddress(resolver);
  const settings = await Promise.all([
    viewOf(chain, contract, signers),
    viewOf(chain, contract, maxValiditySec),
  ]);
  return settings.every((setting) => setting !== null);
}
