/** The way of ENSv1: from the name up through the registry until one has a resolver (ENSIP-10). */
import type { Address } from "../ens/address.js";
import { parentName } from "../ens/hierarchy.js";
import { namehash } from "../ens/namehash.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import type { Chain } from "./askNode.js";
import { registeredResolver } from "./ensRegistry.js";

export interface RegisteredResolver {
  readonly address: Address;
  /** The name that it is registered for: the one that was asked for, or one above it. */
  readonly registeredName: string;
}

/**
 * The nearest resolver that the registry names for the name or one above it, fit to answer or not; null when there
 * is none. All are asked at once, in one round trip. Throws UNREACHABLE.
 */
export async function nearestResolver(
  chain: Chain,
  ensRegistry: Address,
  asked: ResolvableName,
): Promise<RegisteredResolver | null> {
  const names: string[] = [];
  for (let name: string | null = asked.name; name !== null; name = parentName(name)) {
    names.push(name);
  }
  const addresses = await Promise.all(
    names.map((name) => {
      const node = name === asked.name ? asked.node : namehash(name);
      return registeredResolver(chain, ensRegistry, { name, node });
    }),
  );
  for (const [index, address] of addresses.entries()) {
    const registeredName = names[index];
    if (address !== null && registeredName !== undefined) return { address, registeredName };
  }
  return null;
}
