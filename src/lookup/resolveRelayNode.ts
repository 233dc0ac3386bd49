/** A relay node by its ENS name: its profile, and who vouches for it. */
import { type ResolvableName, resolvableName } from "../ens/resolvableName.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import { relayNodeOutcome } from "./findRelayNode.js";
import type {
  KnownRelayNode,
  KnownRelayNodeOutcome,
  NodeProofFinding,
  NodeRole,
} from "./networkOutcome.js";
import { nodeProofFinding, publishedProof } from "./nodeProofOf.js";
import { type ResolveOptions, type ResolveSettings, resolveSettings } from "./resolveOptions.js";
import { networksAround, roleOfNode } from "./roleOfNode.js";

/**
 * Finds the profile of a relay node by its ENS name. The chain and, where a gateway answered, the resolver's own check vouch
 * for it; `proof` says whether the node's own key does as well. `role` says whether it is a node of a messaging gateway or a bridge.
 *
 * Throws INVALID_NAME for a name without ENSIP-15 normal form, INVALID_REQUEST for wrong options, and the reason of
 * `signal` when that is aborted; everything else is an outcome.
 */
export async function resolveRelayNode(
  name: string,
  options: ResolveOptions,
): Promise<KnownRelayNodeOutcome> {
  const settings = resolveSettings(options);
  return unlessAborted(settings.signal, knownRelayNode(resolvableName(name), settings));
}

async function knownRelayNode(
  asked: ResolvableName,
  settings: ResolveSettings,
): Promise<KnownRelayNodeOutcome> {
  const [node, published, around] = await Promise.all([
    relayNodeOutcome(asked, settings),
    publishedProof(asked, settings),
    networksAround(asked, settings),
  ]);
  if (node.status !== "found") return node;
  const proof = nodeProofFinding(asked, node.profile, published);
  const known = { proof, ...roleOfNode(asked, node.profile, around) };
  return { ...node, ...known, sentence: `${node.sentence}${PROOF_TEXT[proof]}${roleText(known)}` };
}

const PROOF_TEXT: Readonly<Record<NodeProofFinding, string>> = {
  proven: " Its own key says that it is behind the name.",
  none: "",
  wrong:
    " Its proof is wrong: it was not made by this key for this name, its owner and this profile. Its operator has to make it again: signpost node prove.",
  unknown: " Whether its own key says so could not be found out.",
};

function roleText({ role, network }: Pick<KnownRelayNode, "role" | "network">): string {
  const texts: Readonly<Record<NodeRole, string>> = {
    plain: "",
    gateway: ` It belongs to the messaging gateway ${network}.`,
    bridge: ` It belongs to the bridge ${network}, whose operator holds the DM3 keys of that network's people.`,
    unknown: " Whether it belongs to a messaging gateway or a bridge could not be found out.",
  };
  return texts[role];
}
