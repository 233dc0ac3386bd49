/** Which resolvers a signature may be made for: those that answer for the domain. */
import { sameBytes } from "../../abi/bytes.js";
import { checksumAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import type { RequestDomain } from "../../signing/typedData.js";
import type { DomainStore } from "../store.js";

/** Throws UNKNOWN_RESOLVER, with those that do answer in its details. */
export async function assertResolverOf(
  domains: Pick<DomainStore, "resolversOf">,
  domain: string,
  { chainId, resolver }: RequestDomain,
): Promise<void> {
  const served = await domains.resolversOf(domain);
  if (served.some((one) => one.chainId === chainId && sameBytes(one.resolver, resolver))) return;
  const [chain, address] = [chainId.toString(), checksumAddress(resolver)];
  throw new SignpostError(
    "UNKNOWN_RESOLVER",
    `The resolver ${address} on chain ${chain} does not answer for ${domain}; sign for one that does.`,
    {
      chainId: chain,
      resolver: address,
      resolvers: served.map((one) => ({
        chainId: one.chainId.toString(),
        resolver: checksumAddress(one.resolver),
      })),
    },
  );
}
