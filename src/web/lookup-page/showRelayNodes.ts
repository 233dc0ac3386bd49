/** A profile's relay nodes, the preferred one first. */
import type { FoundProfile, RelayNodeOutcome } from "../../sdk/index.js";
import { element, foreignLink } from "./dom.js";
import { copied, facts, section } from "./facts.js";

const STATES: Readonly<Record<RelayNodeOutcome["status"], string>> = {
  found: "found",
  absent: "no profile",
  unreachable: "could not find out",
  untrusted: "do not trust",
};

export function showRelayNodes({ relayNodes }: FoundProfile): HTMLElement {
  return section(
    relayNodes.length === 1 ? "Relay node" : "Relay nodes",
    element("ol", { class: "nodes" }, ...relayNodes.map(showRelayNode)),
  );
}

function showRelayNode(node: RelayNodeOutcome): HTMLElement {
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
