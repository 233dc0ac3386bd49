/** Until when a domain stays its owner's, by the registry that decides over it. */
import { resolvableName } from "../ens/resolvableName.js";
import { innerResolver } from "../lookup/answeringResolver.js";
import type { Chain } from "../lookup/askNode.js";
import type { EnsContracts } from "../lookup/findResolver.js";
import { nearestByUniversalResolver } from "../lookup/universalResolver.js";
import { readRegistration } from "./registration.js";
import { readRegistrationInV2 } from "./registrationInV2.js";

/**
 * Unix time in seconds: of the .eth name above the domain or, in ENSv2, of whatever ends first on the way to it. Null
 * for a domain that does not expire, such as one of DNS. Throws UNREACHABLE.
 */
export async function domainExpirySec(
  chain: Chain,
  ens: EnsContracts,
  domain: string,
): Promise<bigint | null> {
  return (await expiryInV2(chain, ens, domain)) ?? (await expiryInV1(chain, ens, domain));
}

async function expiryInV1(chain: Chain, { ensRegistry }: EnsContracts, domain: string) {
  return (await readRegistration(chain, ensRegistry, domain))?.expirySec ?? null;
}

/** Null where ENSv2 does not know the domain, or leaves it to ENSv1. */
async function expiryInV2(chain: Chain, { universalResolver }: EnsContracts, domain: string) {
  if (universalResolver === null) return null;
  const asked = resolvableName(domain);
  const found = await nearestByUniversalResolver(chain, universalResolver, asked);
  if (found === "none there") return null;
  if (found !== null && (await innerResolver(chain, found.address, asked)) !== undefined)
    return null;
  return (await readRegistrationInV2(chain, universalResolver, domain))?.expirySec ?? null;
}
