/**
 * Names that a service publishes and that clients do not ask it for: an entry of their own in ENS, or of a name between
 * them and the domain, has another resolver, and clients ask the nearest.
 */
import { sameBytes } from "../abi/bytes.js";
import { type Address, checksumAddress } from "../ens/address.js";
import { isWithin, parentName } from "../ens/hierarchy.js";
import { namehash } from "../ens/namehash.js";
import { resolvableName } from "../ens/resolvableName.js";
import { innerResolver } from "../lookup/answeringResolver.js";
import type { Chain } from "../lookup/askNode.js";
import { registeredResolver } from "../lookup/ensRegistry.js";
import type { EnsContracts } from "../lookup/findResolver.js";
import type { RegisteredResolver } from "../lookup/registryWalk.js";
import { nearestByUniversalResolver } from "../lookup/universalResolver.js";

export interface HiddenName {
  readonly name: string;
  /** Whose entry it is: the name's own, or a name's between it and the domain. */
  readonly entry: string;
  /** Checksummed. */
  readonly resolver: string;
}

/** A domain, and the resolvers by which its service answers. */
export interface Published {
  readonly domain: string;
  readonly resolvers: readonly Address[];
}

/** What a service publishes below a domain, as far as it is looked at. */
export type PublishedNames =
  | { readonly kind: "names"; readonly names: readonly string[]; readonly areAll: boolean }
  /** There is no such service here, or it does not serve the domain. */
  | { readonly kind: "not-served" }
  | { readonly kind: "unknown"; readonly reason: string };

/** Names that are asked about together. */
const AT_A_TIME = 20;

/** Those among `names`, which lie below the domain. A question or two to the chain for each. Throws UNREACHABLE. */
export async function hiddenNames(
  chain: Chain,
  ens: EnsContracts,
  { domain, resolvers }: Published,
  names: readonly string[],
): Promise<HiddenName[]> {
  const nearest = await nearestEntries(chain, ens, domain);
  const hidden: HiddenName[] = [];
  for (let first = 0; first < names.length; first += AT_A_TIME) {
    const some = names.slice(first, first + AT_A_TIME).filter((name) => name !== domain);
    const found = await Promise.all(
      some.map(async (name) => ({ name, entry: await nearest(name) })),
    );
    for (const { name, entry } of found) {
      if (entry === null || resolvers.some((ours) => sameBytes(ours, entry.address))) continue;
      if (entry.registeredName === domain || !isWithin(entry.registeredName, domain)) continue;
      const { registeredName, address } = entry;
      hidden.push({ name, entry: registeredName, resolver: checksumAddress(address) });
    }
  }
  return hidden;
}

type Nearest = (name: string) => Promise<RegisteredResolver | null>;

/** Where the entries of names below the domain count: in ENSv1's registry, or where the UniversalResolver looks. */
async function nearestEntries(
  chain: Chain,
  { ensRegistry, universalResolver }: EnsContracts,
  domain: string,
): Promise<Nearest> {
  const inV1: Nearest = (name) => nearestInRegistry(chain, ensRegistry, domain, name);
  if (universalResolver === null) return inV1;
  const asked = resolvableName(domain);
  const found = await nearestByUniversalResolver(chain, universalResolver, asked);
  if (found === "none there") return inV1;
  // ENSv2 leaves the domain to ENSv1
  if (found !== null && (await innerResolver(chain, found.address, asked)) !== undefined)
    return inV1;
  return async (name) => {
    const nearest = await nearestByUniversalResolver(
      chain,
      universalResolver,
      resolvableName(name),
    );
    return nearest === "none there" ? null : nearest;
  };
}

/** From the name up to the domain, without it. */
async function nearestInRegistry(
  chain: Chain,
  ensRegistry: Address,
  domain: string,
  name: string,
): Promise<RegisteredResolver | null> {
  for (let at: string | null = name; at !== null && at !== domain; at = parentName(at)) {
    const entry = { name: at, node: namehash(at) };
    const address = await registeredResolver(chain, ensRegistry, entry);
    if (address !== null) return { address, registeredName: at };
  }
  return null;
}

/** The first of them in words, for people. */
export function hiddenNamesText(hidden: readonly HiddenName[]): string {
  const shown = hidden.slice(0, MOST_SHOWN).map(({ name, entry, resolver }) => {
    const whose = entry === name ? "" : `of ${entry}, `;
    return `${name} (${whose}${resolver})`;
  });
  const more = hidden.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const MOST_SHOWN = 5;
