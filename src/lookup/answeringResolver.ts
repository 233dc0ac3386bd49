/** The resolver whose records clients see in the end: behind one that passes calls on, as ENSv2's does for names of ENSv1. */
import { abiFunction } from "../abi/abiFunction.js";
import { sameBytes } from "../abi/bytes.js";
import { isZero } from "../abi/word.js";
import type { Address } from "../ens/address.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import type { Chain } from "./askNode.js";
import { viewOf } from "./contractView.js";
import type { Finding } from "./findResolver.js";
import type { RegisteredResolver } from "./registryWalk.js";

/** ens-contracts, `ICompositeResolver` (0xf686ea10): of a resolver that passes calls on, the one that gets them. */
const getResolver = abiFunction<[dnsName: Uint8Array], [resolver: Address, offchain: boolean]>(
  "function getResolver(bytes name) view returns (address resolver, bool offchain)",
);

export interface AnsweringResolver extends RegisteredResolver {
  /** The one that clients ask, where that only passes calls on; null where they ask the answering one itself. */
  readonly through: Address | null;
}

/** Null when ENS names none, or one with nobody behind it. Throws UNREACHABLE. */
export async function answeringResolver(
  chain: Chain,
  asked: ResolvableName,
  { resolver, registered }: Pick<Finding, "resolver" | "registered">,
): Promise<AnsweringResolver | null> {
  if (resolver === null) return null;
  const { address, registeredName } = resolver;
  const inner = await innerResolver(chain, address, asked);
  if (inner === undefined) return { address, registeredName, through: null };
  if (inner === null) return null;
  const isOfV1 = registered != null && sameBytes(registered.address, inner);
  return {
    address: inner,
    registeredName: isOfV1 ? registered.registeredName : registeredName,
    through: address,
  };
}

/** The resolver behind a composite one, null for none; undefined when it is not composite. Throws UNREACHABLE. */
export async function innerResolver(
  chain: Chain,
  resolver: Address,
  { dnsName }: Pick<ResolvableName, "dnsName">,
): Promise<Address | null | undefined> {
  const inner = (await viewOf(chain, resolver, getResolver, dnsName))?.[0];
  return inner !== undefined && isZero(inner) ? null : inner;
}
