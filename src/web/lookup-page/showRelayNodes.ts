/** A profile's relay nodes, the preferred one first. */
import type { FoundProfile, RelayNodeOutcome } from "../../sdk/index.js";
import { type Child, element, foreignLink } from "../page-parts/dom.js";
import { copied, facts, section } from "../page-parts/facts.js";

type Fact = readonly [term: string, fact: Child];

export const STATES: Readonly<Record<RelayNodeOutcome["status"], string>> = {
  found: "found",
  absent: "no profile",
  unreachable: "could not find out",
  untrusted: "do not trust",
};

/** @param further what is known of a node beside its profile */
export function showRelayNodes(
  { relayNodes }: FoundProfile,
  further: (name: string) => readonly Fact[],
): HTMLElement {
  return section(
    relayNodes.length === 1 ? "Relay node" : "Relay nodes",
    element(
      "ol",
      { class: "nodes" },
      ...relayNodes.map((node) => showRelayNode(node, further(node.name))),
    ),
  );
}

export function showRelayNode(node: RelayNodeOutcome, further: readonly Fact[] = []): HTMLElement {
  const head = element(
    "p",
    { class: "node" },
    element("bdi", { class: "name" }, node.name),
    element("span", { class: "state", "data-status": node.status }, STATES[node.status]),
  );
  if (node.status !== "found") {
    return element("li", {}, head, element("p", { class: "detail" }, node.sentence));
  }
  const { url, publicEncryptionKey, publicSigningKey } = node.profile;
  return element(
    "li",
    {},
    head,
    element("p", { class: "url" }, foreignLink(url)),
    ...(further.length === 0 ? [] : [facts(further)]),
    element(
      "details",
      {},
      element("summary", {}, "Keys"),
      facts([
        ["Encryption key", copied(`encryption key of ${node.name}`, publicEncryptionKey)],
        ["Signing key", copied(`signing key of ${node.name}`, publicSigningKey)],
      ]),
    ),
  );
}
