/** What DM3 keys signed beside a profile, or in its place: who is asked once the profile is known. */
import {
  type CertificateOutcome,
  type KnownRelayNode,
  type KnownRelayNodeOutcome,
  type NetworkOutcome,
  type ProfileOutcome,
  resolveCertificate,
  resolveNetwork,
  type ResolveOptions,
  resolveRelayNode,
} from "../../sdk/index.js";

export interface SignedBeside {
  /** By name: the profile's relay nodes that were found, with their proofs and roles. */
  readonly relayNodes: ReadonlyMap<string, KnownRelayNode>;
  /** Null where the name has no profile. */
  readonly certificate: CertificateOutcome | null;
  /** Of a name without a profile: the relay node that it is, and the network; null for a name with one. */
  readonly own: {
    readonly relayNode: KnownRelayNodeOutcome;
    readonly network: NetworkOutcome;
  } | null;
}

const NOTHING: SignedBeside = { relayNodes: new Map(), certificate: null, own: null };

export async function lookUpSigned(
  outcome: ProfileOutcome,
  options: ResolveOptions,
): Promise<SignedBeside> {
  const { name } = outcome;
  if (outcome.status === "found") {
    const found = outcome.relayNodes.filter(({ status }) => status === "found");
    const [certificate, ...nodes] = await Promise.all([
      resolveCertificate(name, "openpgp", options),
      ...found.map((node) => resolveRelayNode(node.name, options)),
    ]);
    const known = nodes.filter((node) => node.status === "found");
    return {
      ...NOTHING,
      certificate,
      relayNodes: new Map(known.map((node) => [node.name, node])),
    };
  }
  if (outcome.status !== "absent" || outcome.reason !== "no-record") return NOTHING;
  const [relayNode, network] = await Promise.all([
    resolveRelayNode(name, options),
    resolveNetwork(name, options),
  ]);
  return { ...NOTHING, own: { relayNode, network } };
}
