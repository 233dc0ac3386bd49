/** Whether a resolver says that it can do something beyond its interface (ERC-7996, ccip/resolverFeatures.ts). */
import { FEATURES_INTERFACE, supportsFeature } from "../ccip/resolverFeatures.js";
import type { Address } from "../ens/address.js";
import type { Chain } from "./askNode.js";
import { claimsInterface, viewOf } from "./contractView.js";

/**
 * A contract without ERC-7996 says no.
 * @param featureId 4 bytes
 * @throws UNREACHABLE
 */
export async function claimsFeature(
  chain: Chain,
  resolver: Address,
  featureId: Uint8Array,
): Promise<boolean> {
  if (!(await claimsInterface(chain, resolver, FEATURES_INTERFACE))) return false;
  const [supported] = (await viewOf(chain, resolver, supportsFeature, featureId)) ?? [false];
  return supported;
}
