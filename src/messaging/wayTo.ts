/** Which relay nodes take messages to somebody in a network. */
import type { FoundNetwork } from "../lookup/networkOutcome.js";
import { noneUsable } from "../lookup/noneUsable.js";
import type { FoundProfile, FoundRelayNode, RelayNodeOutcome } from "../lookup/outcome.js";
import { formatNativeAddress, type NativeAddress } from "./address/nativeAddress.js";
import type { NativeOutcome } from "./nativeOutcome.js";

/**
 * The profile says where its owner takes messages, so its order counts; of its relay nodes, only those of the network lead to
 * the address.
 */
export function wayTo(
  network: FoundNetwork,
  address: NativeAddress,
  profile: FoundProfile,
): NativeOutcome {
  const { name } = profile;
  const { kind, codecs } = network.record;
  const text = formatNativeAddress(address);
  const ofNetwork = profile.profile.deliveryServices.flatMap(
    (service) => network.relayNodes.find((node) => node.name === service) ?? [],
  );
  if (ofNetwork.length === 0) {
    const sentence = `${name} has a profile, but none of its relay nodes is one of ${network.name}: what is sent to them does not arrive at ${text}.`;
    return { status: "absent", name, sentence, reason: "other-nodes" };
  }
  const relayNodes = ofNetwork.filter(isFound);
  if (relayNodes.length === 0) return noneUsable(name, ofNetwork);
  const through =
    kind === "gateway"
      ? "a messaging gateway, which cannot read it"
      : `a bridge, which holds the DM3 keys of its people and can read it${unlessEncrypted(codecs)}`;
  const order = relayNodes.map((node) => node.name).join(", then ");
  const sentence = `${text} is ${name}. Send to ${order}. The message goes through ${through}.`;
  return {
    ...{ status: "found", name, sentence, address: text, kind },
    ...{ profile, relayNodes, codecs, network },
  };
}

/** What a codec encrypts is for the person's own key, which the bridge does not hold. */
function unlessEncrypted(codecs: readonly string[]): string {
  const own = codecs.filter((codec) => codec !== "dm3");
  return own.length === 0 ? "" : `, unless the app encrypts it by ${own.join(" or ")}`;
}

function isFound(outcome: RelayNodeOutcome): outcome is FoundRelayNode {
  return outcome.status === "found";
}
