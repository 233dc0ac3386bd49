/** Whether a resolver says that it can do something beyond its interface (ERC-7996, ccip/resolverFeatures.ts). */
import { FEATURES_INTERFACE, supportsFeature } from "../ccip/resolverFeatures.js";
import type { Address } from "../ens/address.js";
import { supportsInterface } from "../ens/resolverFunctions.js";
import type { Chain } from "./askNode.js";
import { viewOf } from "./contractView.js";

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
  return (await featureClaim(chain, resolver, featureId)) ?? false;
}

/**
 * The same where a wrong "no" would do harm: null when the contract reverts, or returns what is no answer. Either it knows no
 * ERC-7996, or the node fails in a way that looks like that. Throws UNREACHABLE.
 */
export async function featureClaim(
  chain: Chain,
  resolver: Address,
  featureId: Uint8Array,
): Promise<boolean | null> {
  const [hasFeatures] = (await viewOf(chain, resolver, supportsInterface, FEATURES_INTERFACE)) ?? [
    null,
  ];
  if (hasFeatures !== true) return hasFeatures;
  const [supported] = (await viewOf(chain, resolver, supportsFeature, featureId)) ?? [null];
  return supported;
}
