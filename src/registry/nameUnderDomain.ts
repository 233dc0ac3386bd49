/** The names that a domain may write. */
import { encodeDnsName } from "../ens/dnsName.js";
import { namehash } from "../ens/namehash.js";
import { assertNormalized } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import type { DomainStore } from "./store.js";

/**
 * The node (32 bytes) of a name that `domain` holds: the domain itself or a name below it, unless a more
 * specific domain, which may be another service's, lies in between. Throws INVALID_NAME for a name that is not
 * in ENSIP-15 normal form or too long for clients to send, FORBIDDEN for a name of another domain.
 */
export async function nodeUnderDomain(
  domains: DomainStore,
  name: string,
  domain: string,
): Promise<Uint8Array> {
  assertNormalized(name);
  encodeDnsName(name);
  const holding = await domains.domainHolding(name);
  if (holding?.name !== domain) {
    throw new SignpostError(
      "FORBIDDEN",
      `The name ${name} does not belong to ${domain}; use the API key of the domain that it lies under.`,
      { name, domain },
    );
  }
  return namehash(name);
}
