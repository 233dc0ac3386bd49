/**
 * Whether a relay node is one of a messaging gateway or a bridge. Nothing in its own profile says so; the network's record names it.
 * That record is looked for where a network and its nodes usually have their names: at the node's own, and at those above.
 */
import type { DeliveryServiceProfile } from "../dm3/profile/profile.js";
import { type ResolvableName, resolvableName } from "../ens/resolvableName.js";
import type { KnownRelayNode, VerifiedNetwork } from "./networkOutcome.js";
import { networkRecordOf } from "./networkRecordOf.js";
import type { FailedOutcome } from "./outcome.js";
import type { ResolveSettings } from "./resolveOptions.js";

/** As many names are asked about, from the node's own upwards; none without a dot. */
const MOST_NAMES = 4;

export type NetworkAround = VerifiedNetwork | FailedOutcome;

export function networksAround(
  { name }: ResolvableName,
  settings: ResolveSettings,
): Promise<readonly NetworkAround[]> {
  const labels = name.split(".");
  const names = labels.slice(0, -1).map((_, above) => labels.slice(above).join("."));
  return Promise.all(
    names.slice(0, MOST_NAMES).map((one) => networkRecordOf(resolvableName(one), settings)),
  );
}

export function roleOfNode(
  { name }: ResolvableName,
  { publicSigningKey }: DeliveryServiceProfile,
  around: readonly NetworkAround[],
): Pick<KnownRelayNode, "role" | "network"> {
  for (const network of around) {
    if (network.status !== "found") continue;
    const { relayNodes, kind } = network.record;
    const isOfIt = relayNodes.some(
      (node) => node.name === name && node.publicSigningKey === publicSigningKey,
    );
    if (isOfIt) return { role: kind, network: network.name };
  }
  const isKnown = around.every(({ status }) => status === "found" || status === "absent");
  return { role: isKnown ? "plain" : "unknown", network: null };
}
