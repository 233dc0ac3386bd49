/** The rule between addresses and names, of a network that was found. */
import type { NormalName } from "../ens/normalize.js";
import { assertNormalName } from "../ens/normalName.js";
import { resolvableName } from "../ens/resolvableName.js";
import type { FoundNetwork } from "../lookup/networkOutcome.js";
import type { UnreachableOutcome, UntrustedOutcome } from "../lookup/outcome.js";
import { networkOutcome } from "../lookup/resolveNetwork.js";
import type { ResolveSettings } from "../lookup/resolveOptions.js";
import type { NamesOfNetwork } from "./address/nativeName.js";
import { type NetworkKind, networkKindOf } from "./address/virtualAddress.js";

export interface NetworkWithRule {
  readonly status: "found";
  readonly network: FoundNetwork;
  readonly kind: NetworkKind;
  readonly names: NamesOfNetwork;
}

interface NoRule {
  readonly status: "absent";
  readonly name: string;
  readonly sentence: string;
  readonly reason: "no-network" | "no-rule";
}

export async function networkWithRule(
  name: string,
  settings: ResolveSettings,
): Promise<NetworkWithRule | NoRule | UnreachableOutcome | UntrustedOutcome> {
  const network = await networkOutcome(resolvableName(name), settings);
  if (network.status === "absent") {
    const { name, sentence } = network;
    return { status: "absent", name, sentence, reason: "no-network" };
  }
  if (network.status !== "found") return network;
  const { record } = network;
  const kind = networkKindOf(record.network);
  if (kind === null) {
    const sentence = `${network.name} joins ${record.network}, for whose addresses there is no rule. Ask its operator for the ENS name of the person.`;
    return { status: "absent", name: network.name, sentence, reason: "no-rule" };
  }
  const { nativeDomain, virtualDomain } = record;
  const names = { kind, domain: normal(record.names), nativeDomain, virtualDomain };
  return { status: "found", network, kind, names };
}

/** Its format says so. */
function normal(name: string): NormalName {
  assertNormalName(name);
  return name;
}
