/** From the ENS name of a messaging gateway or a bridge to its record, and to the relay nodes that carry its messages. */
import type { SigningNode } from "../dm3/statement/networkRecord.js";
import { type ResolvableName, resolvableName } from "../ens/resolvableName.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import { relayNodeOutcome } from "./findRelayNode.js";
import type { NetworkOutcome } from "./networkOutcome.js";
import { networkRecordOf } from "./networkRecordOf.js";
import { noneUsable } from "./noneUsable.js";
import type { RelayNodeOutcome } from "./outcome.js";
import { type ResolveOptions, type ResolveSettings, resolveSettings } from "./resolveOptions.js";

/**
 * Finds and verifies what a messaging gateway or a bridge says of itself: that each relay node which it names signed it for the name
 * and the name's owner, and that ENS has the signing key of such a node under the node's name.
 *
 * It is found when that holds for one of its nodes at least; clients send to those, in their order. Where it holds for none,
 * because they could not be asked, it is unreachable, and untrusted otherwise. The time-out is for the record; its relay
 * nodes, all at once, have as long again.
 *
 * Throws INVALID_NAME for a name without ENSIP-15 normal form, INVALID_REQUEST for wrong options, and the reason of
 * `signal` when that is aborted; everything else is an outcome.
 */
export async function resolveNetwork(
  name: string,
  options: ResolveOptions,
): Promise<NetworkOutcome> {
  const settings = resolveSettings(options);
  return unlessAborted(settings.signal, networkOutcome(resolvableName(name), settings));
}

/** The same with complete settings, and without an end by the signal. */
export async function networkOutcome(
  asked: ResolvableName,
  settings: ResolveSettings,
): Promise<NetworkOutcome> {
  const verified = await networkRecordOf(asked, settings);
  if (verified.status !== "found") return verified;
  const { relayNodes: signing } = verified.record;
  const relayNodes = await Promise.all(signing.map((node) => signingNode(node, settings)));
  if (relayNodes.some(({ status }) => status === "found")) return { ...verified, relayNodes };
  return noneUsable(asked.name, relayNodes);
}

/** The relay node, if it is the one that signed. */
async function signingNode(
  { name, publicSigningKey }: SigningNode,
  settings: ResolveSettings,
): Promise<RelayNodeOutcome> {
  const outcome = await relayNodeOutcome(resolvableName(name), settings);
  if (outcome.status !== "found" || outcome.profile.publicSigningKey === publicSigningKey) {
    return outcome;
  }
  const sentence = `${name} has another signing key in ENS than the one that signed the network record. After a change of keys, it has to sign the record again: signpost network prove.`;
  return { status: "untrusted", name, sentence, check: "signing-node" };
}
