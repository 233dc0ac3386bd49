/** The names that a domain may write. */
import { parentName } from "../../ens/hierarchy.js";
import type { NormalName } from "../../ens/normalize.js";
import { assertNormalName } from "../../ens/normalName.js";
import type { Domain } from "../domains/domain.js";
import { refusedToDomain } from "../domains/nameOfAlias.js";
import { notOfDomain } from "../domains/notOfDomain.js";
import type { DomainStore } from "../store.js";

export interface NameUnderDomain {
  readonly name: NormalName;
  /** The name itself, or the most specific domain above it. */
  readonly domain: Domain;
}

type HoldingDomains = Pick<DomainStore, "domainHolding" | "aliases">;

/**
 * The name, checked, and the domain that holds it. Throws INVALID_NAME for a name that is not in ENSIP-15 normal form
 * or too long for clients to send, FORBIDDEN unless that domain is `domain`.
 */
export async function nameUnderDomain(
  domains: HoldingDomains,
  name: string,
  domain: string,
): Promise<NameUnderDomain> {
  assertNormalName(name);
  const holding = await domains.domainHolding(name);
  if (holding?.name === domain) return { name, domain: holding };
  if (holding) throw notOfDomain(name, domain);
  throw refusedToDomain(await domains.aliases(), name, domain);
}

/** The same question, asked of all domains and aliases as they are now: two reads for many names. */
export async function domainsInMemory(
  domains: Pick<DomainStore, "domains" | "aliases">,
): Promise<HoldingDomains> {
  const aliases = await domains.aliases();
  const byName = new Map<string, Domain | null>(aliases.map(({ alias }) => [alias, null]));
  for (const domain of await domains.domains()) byName.set(domain.name, domain);
  const holding = (name: string): Domain | null => {
    const found = byName.get(name);
    if (found !== undefined) return found;
    const parent = parentName(name);
    return parent === null ? null : holding(parent);
  };
  return {
    domainHolding: (name) => Promise.resolve(holding(name)),
    aliases: () => Promise.resolve(aliases),
  };
}
