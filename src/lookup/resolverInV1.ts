/** Where ENSv1 and ENSv2 send clients to different resolvers: names that were moved, sold or given up in ENSv2. */
import { sameBytes } from "../abi/bytes.js";
import type { Address } from "../ens/address.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import { isSignpostError } from "../errors.js";
import { innerResolver } from "./answeringResolver.js";
import type { Chain } from "./askNode.js";
import { type Finding, fitResolver } from "./findResolver.js";

/**
 * The resolver that clients without ENSv2 ask, null for none, where it is another one than ENS names now. Undefined
 * where there is no difference, or none can be found out. Throws nothing but defects.
 */
export async function resolverInV1(
  chain: Chain,
  asked: ResolvableName,
  { resolver, namedBy, registered }: Finding,
): Promise<Address | null | undefined> {
  if (namedBy === "registry" || registered === undefined) return undefined;
  try {
    const nearest = registered?.address ?? null;
    if (resolver !== null) {
      // the same contract for a name above answers only if it speaks ENSIP-10
      const isFit = resolver.extended || registered?.registeredName === asked.name;
      if (isFit && isSame(resolver.address, nearest)) return undefined;
      // ENSv2 sends names that were not moved to ENSv1 through a resolver of its own: the two agree then
      if (isSame(await innerResolver(chain, resolver.address, asked), nearest)) return undefined;
    }
    // a resolver of a parent that does not answer for names below is none in ENSv1
    const inV1 = registered === null ? null : await fitResolver(chain, asked, registered);
    return resolver === null && inV1 === null ? undefined : (inV1?.address ?? null);
  } catch (error) {
    if (isSignpostError(error, "UNREACHABLE")) return undefined;
    throw error;
  }
}

function isSame(one: Address | null | undefined, other: Address | null): boolean {
  if (one === undefined) return false;
  return one === null || other === null ? one === other : sameBytes(one, other);
}
