/** The names that a domain may write. */
import { parentName } from "../../ens/hierarchy.js";
import type { NormalName } from "../../ens/normalize.js";
import { assertNormalName } from "../../ens/normalName.js";
import type { Domain } from "../domains/domain.js";
import { notOfDomain } from "../domains/notOfDomain.js";
import type { DomainStore } from "../store.js";

export interface NameUnderDomain {
  readonly name: NormalName;
  /** The name itself, or the most specific domain above it. */
  readonly domain: Domain;
}

/**
 * The name, checked, and the domain that holds it. Throws INVALID_NAME for a name that is not in ENSIP-15 normal form
 * or too long for clients to send, FORBIDDEN unless that domain is `domain`.
 */
export async function nameUnderDomain(
  domains: Pick<DomainStore, "domainHolding">,
  name: string,
  domain: string,
): Promise<NameUnderDomain> {
  assertNormalName(name);
  const holding = await domains.domainHolding(name);
  if (holding?.name === domain) return { name, domain: holding };
  throw notOfDomain(name, domain);
}

/** The same question, asked of all domains as they are now: one read for many names. */
export async function domainsInMemory(
  domains: Pick<DomainStore, "domains">,
): Promise<Pick<DomainStore, "domainHolding">> {
  const byName = new Map((await domains.domains()).map((domain) => [domain.name, domain]));
  const holding = (name: string): Domain | null => {
    const found = byName.get(name);
    const parent = parentName(name);
    return found ?? (parent === null ? null : holding(parent));
  };
  return { domainHolding: (name) => Promise.resolve(holding(name)) };
}
