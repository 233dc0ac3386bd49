/** Alias domains: further names of a domain, under which its names are answered for as well. They hold no names. */
import { parentName } from "../../ens/hierarchy.js";

/** Both in ENSIP-15 normal form. */
export interface AliasDomain {
  readonly alias: string;
  /** Never an alias itself. */
  readonly domain: string;
}

/** What each name at which names begin stands for: a domain for itself (null), an alias for its domain. */
export type Namespaces = ReadonlyMap<string, string | null>;

export function namespacesOf(
  domains: readonly string[],
  aliases: readonly AliasDomain[],
): Namespaces {
  const namespaces = new Map<string, string | null>();
  for (const { alias, domain } of aliases) namespaces.set(alias, domain);
  for (const { domain } of aliases) namespaces.set(domain, null);
  for (const domain of domains) namespaces.set(domain, null);
  return namespaces;
}

/**
 * The name whose records a name is answered with: the same labels below the domain where the most specific namespace that it
 * lies in is an alias, otherwise the name itself.
 *
 * That may lie under another alias, which lies below the domain: fewer labels stand before that one, so this ends.
 */
export function nameBehind(name: string, namespaces: Namespaces): string {
  for (let above: string | null = name; above !== null; above = parentName(above)) {
    const domain = namespaces.get(above);
    if (domain === undefined) continue;
    if (domain === null) return name;
    return nameBehind(name.slice(0, name.length - above.length) + domain, namespaces);
  }
  return name;
}
