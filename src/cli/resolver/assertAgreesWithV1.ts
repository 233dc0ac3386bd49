/** A guard for a UniversalResolver that does not tell ENSv2's registries, and still follows another way than ENSv1's. */
import { refused } from "../../chain/unsentTransaction.js";
import { type Address, checksumAddress, parseAddress } from "../../ens/address.js";
import { resolvableName } from "../../ens/resolvableName.js";
import type { Chain } from "../../lookup/askNode.js";
import { findResolver } from "../../lookup/findResolver.js";
import { resolverInV1 } from "../../lookup/resolverInV1.js";

interface Asked {
  readonly universalResolver: Address;
  readonly registry: string;
  readonly name: string;
}

/** Throws TRANSACTION_REFUSED when a change in ENSv1's registry would have no effect for clients. */
export async function assertAgreesWithV1(
  chain: Chain,
  { universalResolver, registry, name }: Asked,
): Promise<void> {
  const asked = resolvableName(name);
  const finding = await findResolver(
    chain,
    { ensRegistry: parseAddress(registry), universalResolver },
    asked,
  );
  const inV1 = await resolverInV1(chain, asked, finding);
  if (inV1 === undefined) return;
  const named = finding.resolver === null ? "none" : checksumAddress(finding.resolver.address);
  throw refused(
    `the UniversalResolver ${checksumAddress(universalResolver)} names another resolver for ${name} than the registry ${registry}: ${named}. A transaction to that registry would change nothing for clients. Check --registry and --universal-resolver, or set the resolver in the ENS app.`,
    { name },
  );
}
