/** From somebody's address in a network to the profile to encrypt to, and the relay nodes to send to. */
import { resolvableName } from "../ens/resolvableName.js";
import { isSignpostError } from "../errors.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import type { FoundNetwork } from "../lookup/networkOutcome.js";
import {
  type ResolveOptions,
  type ResolveSettings,
  resolveSettings,
} from "../lookup/resolveOptions.js";
import { profileOutcome } from "../lookup/resolveProfile.js";
import {
  formatNativeAddress,
  type NativeAddress,
  parseNativeAddress,
} from "./address/nativeAddress.js";
import { nameOfNative, type NamesOfNetwork, type ProposedName } from "./address/nativeName.js";
import { nameOfLocalPart } from "./address/virtualAddress.js";
import type { AbsentNative, NativeOutcome } from "./nativeOutcome.js";
import { type NetworkWithRule, networkWithRule } from "./ruleOfNetwork.js";
import { wayTo } from "./wayTo.js";

export interface NativeAddressAsked {
  /** ENS name of the messaging gateway or the bridge. */
  readonly network: string;
  /** `local@domain`, in any case; of XMPP a bare JID. */
  readonly address: string;
}

/**
 * The way to somebody in a connected network: the ENS name that the address has by the network's rule, its verified profile,
 * the relay nodes to send to in their order, and the forms in which the network's clients read.
 *
 * The profile of the name decides, not the rule: where nobody has published one, it is absent. The time-out is for each of three
 * steps: the network, its relay nodes, the profile. The option `relayNodes` is without effect.
 *
 * Throws INVALID_NAME for a network without ENSIP-15 normal form, INVALID_REQUEST for wrong options or an address that is none, and
 * the reason of `signal` when that is aborted; everything else is an outcome.
 */
export async function resolveNativeAddress(
  asked: NativeAddressAsked,
  options: ResolveOptions,
): Promise<NativeOutcome> {
  const settings = { ...resolveSettings(options), relayNodes: "none" } as const;
  return unlessAborted(settings.signal, nativeOutcome(asked, settings));
}

async function nativeOutcome(
  asked: NativeAddressAsked,
  settings: ResolveSettings,
): Promise<NativeOutcome> {
  const found = await networkWithRule(asked.network, settings);
  if (found.status !== "found") return found;
  const address = parseNativeAddress(asked.address, found.kind);
  const named = nameByRule(found, address);
  if (typeof named !== "string") return named;
  const profile = await profileOutcome(resolvableName(named), settings);
  if (profile.status === "found") return wayTo(found.network, address, profile);
  if (profile.status !== "absent") return profile;
  const told = `${formatNativeAddress(address)} is ${named} by the rule of ${found.network.name}, but has no profile there.`;
  return absent(named, "no-profile", `${told} ${profile.sentence}`);
}

/** The name that the address has, if something can be sent to it. */
function nameByRule(
  { network, names }: NetworkWithRule,
  address: NativeAddress,
): string | AbsentNative {
  const { record } = network;
  const text = formatNativeAddress(address);
  if (address.domain === record.virtualDomain) return virtualUser(network, names, address);
  if (record.directions === "fromNetwork") {
    const sentence = `${network.name} carries messages from ${record.network} to DM3 alone: nothing can be sent to ${text}.`;
    return absent(network.name, "one-way", sentence);
  }
  const proposed = proposedName(names, address);
  if (proposed === null) {
    const sentence = `${network.name} carries messages for ${record.nativeDomain} alone, not for ${address.domain}. Look for the network of that domain.`;
    return absent(network.name, "other-domain", sentence);
  }
  if (proposed === "too long") {
    const sentence = `${text} has no name under ${names.domain}: there is no room for it. Ask the person for their ENS name.`;
    return absent(network.name, "no-rule", sentence);
  }
  return proposed.name;
}

/** Whom to write to instead: a DM3 user by its name. The network's own people have no address there. */
function virtualUser(
  { name: network }: FoundNetwork,
  { kind, domain }: NamesOfNetwork,
  address: NativeAddress,
): AbsentNative {
  const text = formatNativeAddress(address);
  const user = nameOfLocalPart(address.localPart, kind);
  if (user === null || user === "hashed" || user.name.endsWith(`.${domain}`)) {
    const sentence = `${text} is an address for DM3 users, but no name leads to it by the rule. Ask the person for their ENS name.`;
    return absent(network, "no-rule", sentence);
  }
  const sentence = `${text} is what the DM3 user ${user.name} is called there. Write to ${user.name} itself.`;
  return absent(user.name, "virtual", sentence);
}

function proposedName(
  names: NamesOfNetwork,
  address: NativeAddress,
): ProposedName | "too long" | null {
  try {
    return nameOfNative(names, address);
  } catch (error) {
    if (isSignpostError(error, "INVALID_NAME")) return "too long";
    throw error;
  }
}

function absent(name: string, reason: AbsentNative["reason"], sentence: string): AbsentNative {
  return { status: "absent", name, sentence, reason };
}
