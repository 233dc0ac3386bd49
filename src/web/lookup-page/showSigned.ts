/** What DM3 keys signed for a name: a relay node's proof, a messaging gateway or a bridge, a certificate. */
import type {
  CertificateOutcome,
  CertificateScheme,
  FailedOutcome,
  FoundNetwork,
  KnownRelayNode,
  NodeProofFinding,
} from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { copied, facts, section } from "../page-parts/facts.js";
import type { SignedBeside } from "./lookUpSigned.js";
import { showRelayNode, STATES } from "./showRelayNodes.js";

type Fact = readonly [term: string, fact: Child];

const PROOFS: Readonly<Record<NodeProofFinding, string>> = {
  proven: "Its own key says that it is behind this name.",
  none: "None: nobody but the name says that it is this node.",
  wrong: "Wrong: made for another name, owner, key or URL.",
  unknown: "Could not find out.",
};

const SCHEMES: Readonly<Record<CertificateScheme, string>> = { openpgp: "OpenPGP" };

const PROOF_STATUS: Readonly<Record<NodeProofFinding, string>> = {
  proven: "found",
  none: "absent",
  wrong: "untrusted",
  unknown: "unreachable",
};

export function proofAndRole({ proof, role, network }: KnownRelayNode): readonly Fact[] {
  return [
    ["Proof", element("span", { "data-proof": PROOF_STATUS[proof] }, PROOFS[proof])],
    ["Kind", roleText(role, network ?? "")],
  ];
}

function roleText(role: KnownRelayNode["role"], network: string): Child {
  const named = element("bdi", {}, network);
  switch (role) {
    case "plain":
      return "A plain relay node.";
    case "gateway":
      return element("span", {}, "Of the messaging gateway ", named, ".");
    case "bridge":
      return element(
        "span",
        {},
        "Of the bridge ",
        named,
        ", whose operator holds the DM3 keys of its people and can read their messages.",
      );
    case "unknown":
      return "Could not find out whether it belongs to a gateway or a bridge.";
  }
}

/** Of a name without a profile; nothing where it is none of them either. */
export function showOwn({ own }: SignedBeside): readonly HTMLElement[] {
  if (own === null) return [];
  const { relayNode, network } = own;
  return [
    ...(relayNode.status === "absent"
      ? []
      : [
          section(
            "This name is a relay node’s",
            element(
              "ol",
              { class: "nodes" },
              showRelayNode(relayNode, relayNode.status === "found" ? proofAndRole(relayNode) : []),
            ),
          ),
        ]),
    ...(network.status === "absent"
      ? []
      : [
          section(
            "This name is a network’s",
            ...(network.status === "found" ? networkParts(network) : failedParts(network)),
          ),
        ]),
  ];
}

function networkParts({ name, record, owner, relayNodes }: FoundNetwork): readonly Child[] {
  const custody =
    record.kind === "gateway"
      ? "Messaging gateway: nobody but its users holds their keys."
      : "Bridge: it holds the DM3 keys of its people and can read their messages.";
  return [
    facts([
      ["Kind", custody],
      ["Network", record.network],
      ["Its people", record.nativeDomain ?? "of all domains"],
      ...consentFacts(name, record.nativeDomain, "Its domain’s word"),
      ["Their names", element("span", {}, "below ", element("bdi", {}, record.names))],
      ["DM3 users there", `at ${record.virtualDomain}`],
      // below the domain of the people, that one's word is enough
      ...(record.virtualDomain.endsWith(`.${record.nativeDomain}`)
        ? []
        : consentFacts(name, record.virtualDomain, "Its host’s word")),
      ["Read as", record.codecs.join(", ")],
      ["Owner", owner === null ? "the service of the name" : copied("owner’s address", owner)],
    ]),
    element("ol", { class: "nodes" }, ...relayNodes.map((node) => showRelayNode(node))),
  ];
}

/** Pages cannot ask the DNS. */
function consentFacts(name: string, domain: string | null, title: string): readonly Fact[] {
  if (domain === null) return [];
  const record = `_dm3.${domain} TXT "dm3-network=${name}"`;
  return [
    [
      title,
      element(
        "span",
        { class: "consent" },
        `This page cannot ask the DNS of ${domain}. Anybody can write that domain into a record: believe it if the DNS has `,
        copied("DNS record", record),
      ),
    ],
  ];
}

export function showCertificate(outcome: CertificateOutcome | null): readonly HTMLElement[] {
  if (outcome === null || outcome.status === "absent") return [];
  if (outcome.status !== "found") return [section("Certificate", ...failedParts(outcome))];
  const { scheme, address, certificate, signedAtSec } = outcome.certificate;
  return [
    section(
      "Certificate",
      facts([
        ["For", SCHEMES[scheme]],
        ["Address there", element("bdi", {}, address)],
        [
          "Signed",
          `by the profile’s signing key, ${new Date(signedAtSec * 1000).toISOString().slice(0, 10)}`,
        ],
      ]),
      // it may have twenty thousand characters
      element(
        "details",
        {},
        element("summary", {}, "The certificate, base64"),
        copied("certificate", certificate),
      ),
    ),
  ];
}

function failedParts({ status, sentence }: FailedOutcome): readonly Child[] {
  return [
    element(
      "p",
      { class: "node" },
      element("span", { class: "state", "data-status": status }, STATES[status]),
    ),
    element("p", { class: "detail" }, sentence),
  ];
}
