/** What a name is called in a network: the network's own people by their address, everybody else as a virtual user. */
import type { NormalName } from "../ens/normalize.js";
import { resolvableName } from "../ens/resolvableName.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import {
  type ResolveOptions,
  type ResolveSettings,
  resolveSettings,
} from "../lookup/resolveOptions.js";
import { formatNativeAddress } from "./address/nativeAddress.js";
import { nativeOfName } from "./address/nativeName.js";
import { localPartOfName } from "./address/virtualAddress.js";
import type { AbsentAddress, AddressOutcome } from "./nativeOutcome.js";
import { type NetworkWithRule, networkWithRule } from "./ruleOfNetwork.js";

export interface NameAsked {
  readonly name: string;
  /** ENS name of the messaging gateway or the bridge. */
  readonly network: string;
}

/**
 * The address at which people of the network reach a name, by the network's rule. Whether the name has a profile is not asked:
 * `resolveProfile` tells it.
 *
 * Throws INVALID_NAME for names without ENSIP-15 normal form, INVALID_REQUEST for wrong options, and the reason of `signal`
 * when that is aborted; everything else is an outcome.
 */
export async function nativeAddressOf(
  asked: NameAsked,
  options: ResolveOptions,
): Promise<AddressOutcome> {
  const settings = resolveSettings(options);
  const { name } = resolvableName(asked.name);
  return unlessAborted(settings.signal, addressOutcome(name, asked.network, settings));
}

async function addressOutcome(
  name: NormalName,
  networkName: string,
  settings: ResolveSettings,
): Promise<AddressOutcome> {
  const found = await networkWithRule(networkName, settings);
  if (found.status !== "found") return found;
  const isOfNetwork = name.endsWith(`.${found.names.domain}`);
  return isOfNetwork ? nativeUser(name, found) : virtualUser(name, found);
}

function nativeUser(name: NormalName, { network, names }: NetworkWithRule): AddressOutcome {
  const native = nativeOfName(names, name);
  if (native === "hashed") {
    const sentence = `${name} stands for an address that is too long for a name: only the table of ${network.name} knows it.`;
    return absent(name, "only-table", sentence);
  }
  if (native === null) {
    const sentence = `${name} is under ${names.domain}, but no address has that name by the rule of ${network.name}.`;
    return absent(name, "no-rule", sentence);
  }
  const address = formatNativeAddress(native);
  const { kind } = network.record;
  const sentence = `${name} is ${address} in ${network.record.network}.`;
  return {
    ...{ status: "found", name, sentence, address, user: "native", isReversible: true },
    ...{ kind, network },
  };
}

function virtualUser(
  name: NormalName,
  { network, kind: protocol }: NetworkWithRule,
): AddressOutcome {
  const { kind, virtualDomain } = network.record;
  const { written, isReversible } = localPartOfName(name, protocol);
  const address = formatNativeAddress({ localPart: written, domain: virtualDomain });
  const sentence = `${name} is called ${address} in ${network.record.network}.`;
  return {
    ...{ status: "found", name, sentence, address, user: "virtual", isReversible },
    ...{ kind, network },
  };
}

function absent(name: string, reason: AbsentAddress["reason"], sentence: string): AbsentAddress {
  return { status: "absent", name, sentence, reason };
}
