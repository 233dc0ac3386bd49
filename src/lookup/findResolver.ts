/**
 * From a name to its resolver. ENS's UniversalResolver decides where there is one, because it alone follows
 * ENSv2; the registry of ENSv1 is asked beside it, so that a difference between the two is told. Where no
 * UniversalResolver is known, the registry alone decides.
 */
import { type Address, checksumAddress } from "../ens/address.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import { isSignpostError } from "../errors.js";
import { nobodyAnswered } from "../fetch/serversAsked.js";
import { type Chain, RPC_NODE } from "./askNode.js";
import { EXTENDED_RESOLVER_ID, type FoundResolver } from "./callResolver.js";
import { interfaceClaim } from "./contractView.js";
import { nearestResolver, type RegisteredResolver } from "./registryWalk.js";
import { askUniversalResolver } from "./universalResolver.js";

/** The resolver of a name, and who says so. */
export interface Finding {
  /** Null when the name has none that may answer for it. */
  readonly resolver: FoundResolver | null;
  readonly namedBy: "universal-resolver" | "registry";
  /** What ENSv1's registry names, null for nothing; undefined where it does not exist or could not be asked. */
  readonly registered: RegisteredResolver | null | undefined;
}

export interface EnsContracts {
  readonly ensRegistry: Address;
  /** Null where none is to be asked. */
  readonly universalResolver: Address | null;
}

/** Throws UNREACHABLE when it cannot be found out. */
export async function findResolver(
  chain: Chain,
  { universalResolver, ensRegistry }: EnsContracts,
  asked: ResolvableName,
): Promise<Finding> {
  if (universalResolver === null) return findByRegistry(chain, ensRegistry, asked);
  const [named, registered] = await Promise.all([
    askUniversalResolver(chain, universalResolver, asked),
    nearestResolver(chain, ensRegistry, asked).catch(undefinedIfUnreachable),
  ]);
  if (named === null) return findByRegistry(chain, ensRegistry, asked);
  return { resolver: named.resolver, namedBy: "universal-resolver", registered };
}

async function findByRegistry(
  chain: Chain,
  ensRegistry: Address,
  asked: ResolvableName,
): Promise<Finding> {
  const registered = await nearestResolver(chain, ensRegistry, asked);
  const resolver = registered === null ? null : await fitResolver(chain, asked, registered);
  return { resolver, namedBy: "registry", registered };
}

/** One that belongs to a parent counts only if it answers for names below (ENSIP-10). Throws UNREACHABLE. */
export async function fitResolver(
  chain: Chain,
  asked: ResolvableName,
  { address, registeredName }: RegisteredResolver,
): Promise<FoundResolver | null> {
  const claim = await interfaceClaim(chain, address, EXTENDED_RESOLVER_ID);
  if (registeredName === asked.name) return { address, registeredName, extended: claim ?? false };
  if (claim === null) {
    const reason = `the resolver of ${registeredName}, ${checksumAddress(address)}, reverts when asked whether it answers for names below`;
    throw nobodyAnswered(`The resolver of ${asked.name}`, [{ who: RPC_NODE, reason }]);
  }
  return claim ? { address, registeredName, extended: true } : null;
}

/** ENSv1's part is told beside the answer and decides nothing, so a lookup goes on without it. */
function undefinedIfUnreachable(error: unknown): undefined {
  if (!isSignpostError(error, "UNREACHABLE")) throw error;
}
