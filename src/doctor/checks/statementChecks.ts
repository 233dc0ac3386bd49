/** What DM3 keys signed for the name: as a relay node's, as a messaging gateway's or a bridge's, and as a user's of another network. */
import { CERTIFICATE_SCHEMES } from "../../dm3/statement/certificate.js";
import type { FailedOutcome } from "../../lookup/outcome.js";
import { resolveCertificate } from "../../lookup/resolveCertificate.js";
import { resolveRelayNode } from "../../lookup/resolveRelayNode.js";
import type { DomainConsent } from "../../net/domainConsent.js";
import { networkConsent as consentOf } from "../../net/networkConsent.js";
import type { Check } from "../check.js";
import { clientLookup } from "../facts/clientLookup.js";
import { networkOf } from "../facts/network.js";
import { failed, type Finding, notApplicable, passed, warning } from "../line.js";
import { nameOf } from "../patient.js";

const NEEDS = ["answer-accepted", "lookup-form", "lookup-sender"];

const relayNode: Check = {
  id: "relay-node",
  title: "the name as a relay node's, and its proof",
  needs: NEEDS,
  async examine(patient) {
    const outcome = await resolveRelayNode(nameOf(patient), await clientLookup(patient));
    if (outcome.status !== "found") {
      return notFound(outcome, "Register the relay node again: signpost node prove.");
    }
    const { proof, role, network, profile } = outcome;
    const ofNetwork = network === null ? "" : `, of the ${role} ${network}`;
    switch (proof) {
      case "proven":
        return passed(`proven by its own key, at ${profile.url}${ofNetwork}`);
      case "none":
        return warning(
          `a relay node at ${profile.url}${ofNetwork} without a proof that its operator wants the name`,
          "Let its operator sign for the name and its owner: signpost node prove. Public lists leave it out until then.",
        );
      case "wrong":
        return failed(
          `its proof is not by the key of its profile for ${outcome.name}, its owner of now and this profile`,
          "Sign again after a change of owner, key or URL: signpost node prove. Or take the node away.",
        );
      case "unknown":
        return warning("its proof could not be read", "See that the resolver answers for it.");
    }
  },
};

const network: Check = {
  id: "network",
  title: "the name as a messaging gateway's or a bridge's",
  needs: NEEDS,
  async examine(patient) {
    const outcome = await networkOf(patient);
    if (outcome.status !== "found") {
      const advice =
        "Let its relay nodes sign the record for the name, its owner and their keys of now: signpost network prove.";
      return notFound(outcome, advice);
    }
    const { record, relayNodes } = outcome;
    const lost = relayNodes.filter((node) => node.status !== "found");
    const what = `${record.kind} to ${record.network}, signed by all of its relay nodes`;
    const closer = `look closer: signpost ${record.kind} check ${outcome.name}`;
    return lost.length === 0
      ? passed(`${what} (${closer})`)
      : warning(
          `${what}, but ${lost.length} of ${relayNodes.length} cannot be used. ${lost.map((node) => node.sentence).join(" ")}`,
          `Clients send to the others only. Repair those, or sign a record without them: signpost network prove. Or ${closer}.`,
        );
  },
};

const networkConsent: Check = {
  id: "network-consent",
  title: "whether the domain of the network's people wants it",
  needs: ["network"],
  async examine(patient) {
    const outcome = await networkOf(patient);
    if (outcome.status !== "found") return notApplicable(`${outcome.name} is no network`);
    const { domain } = await consentOf(outcome.record, outcome.name, patient.dns);
    return domain === null
      ? notApplicable("its record names no domain of its own")
      : consentFinding(domain);
  },
};

const virtualConsent: Check = {
  id: "virtual-consent",
  title: "whether the host in the addresses of DM3 users is the network's",
  needs: ["network"],
  async examine(patient) {
    const outcome = await networkOf(patient);
    if (outcome.status !== "found") return notApplicable(`${outcome.name} is no network`);
    const { virtualDomain } = await consentOf(outcome.record, outcome.name, patient.dns);
    return consentFinding(virtualDomain);
  },
};

function consentFinding({ consent, sentence }: DomainConsent): Finding {
  const seen = sentence.replace(/\.$/, "");
  return consent === "confirmed"
    ? passed(seen)
    : warning(
        seen,
        "Anybody can write any domain into a record. Let the domain say so in its DNS (docs/networks.md), or do not trust the record about it.",
      );
}

const certificate: Check = {
  id: "certificate",
  title: "the user's certificates for other networks",
  needs: NEEDS,
  async examine(patient) {
    const name = nameOf(patient);
    const options = await clientLookup(patient);
    const outcomes = await Promise.all(
      CERTIFICATE_SCHEMES.map((scheme) => resolveCertificate(name, scheme, options)),
    );
    const seen: string[] = [];
    for (const outcome of outcomes) {
      if (outcome.status === "absent") continue;
      if (outcome.status !== "found") {
        const advice =
          "Sign it with the key of the profile of now, or take it away: signpost certificate sign.";
        return notFound(outcome, advice);
      }
      const { scheme, address } = outcome.certificate;
      seen.push(`${scheme} for ${address}, signed by the key of the profile`);
    }
    return seen.length === 0
      ? notApplicable(`${name} publishes no certificate`)
      : passed(seen.join("; "));
  },
};

/** @param advice where there is something, but it fails a check */
function notFound(outcome: FailedOutcome, advice: string): Finding {
  switch (outcome.status) {
    case "absent":
      return notApplicable(outcome.sentence.replace(/\.$/, ""));
    case "untrusted":
      return failed(`it fails the check "${outcome.check}": ${outcome.sentence}`, advice);
    case "unreachable":
      return failed(outcome.sentence, "See that whoever holds the record answers.");
  }
}

export const STATEMENT_CHECKS: readonly Check[] = [
  relayNode,
  network,
  networkConsent,
  virtualConsent,
  certificate,
];
