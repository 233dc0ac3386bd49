/** The name as a user's: its DM3 profile, and where messages go. */
import type { ProfileOutcome } from "../../lookup/outcome.js";
import { resolveProfile } from "../../lookup/resolveProfile.js";
import type { Check } from "../check.js";
import { clientLookup } from "../facts/clientLookup.js";
import { failed, notApplicable, passed, warning } from "../line.js";
import { nameOf, observation, type Patient } from "../patient.js";

const outcomeOf = observation(
  async (patient: Patient): Promise<ProfileOutcome> =>
    await resolveProfile(nameOf(patient), await clientLookup(patient)),
);

const profile: Check = {
  id: "profile",
  title: "the DM3 profile",
  needs: ["answer-accepted", "lookup-form", "lookup-sender"],
  async examine(patient) {
    const outcome = await outcomeOf(patient);
    switch (outcome.status) {
      case "found":
        return passed(`${outcome.checks.length} checks passed; signed by ${outcome.address}`);
      case "absent":
        return notApplicable(`${outcome.name} publishes no DM3 profile`);
      case "untrusted":
        return failed(
          `the profile fails the check "${outcome.check}": ${outcome.sentence}`,
          "Publish the profile again, signed by the wallet that the name serves as its address.",
        );
      case "unreachable":
        return failed(outcome.sentence, "See that whoever holds the profile answers.");
    }
  },
};

const relayNodes: Check = {
  id: "relay-nodes",
  title: "the profile's relay nodes",
  needs: ["profile"],
  async examine(patient) {
    const outcome = await outcomeOf(patient);
    if (outcome.status !== "found") return notApplicable("there is no profile that could name any");
    const { relayNodes: nodes, relayNode } = outcome;
    const lost = nodes.filter((node) => node.status !== "found");
    const sentences = lost.map((node) => node.sentence).join(" ");
    if (relayNode === null) {
      return failed(
        nodes.length === 0 ? "the profile names no relay node" : `none resolves. ${sentences}`,
        "Nobody can send messages to this user. Publish the relay node's profile, or name another one.",
      );
    }
    return lost.length === 0
      ? passed(nodes.map((node) => node.name).join(", "))
      : warning(
          `${lost.length} of ${nodes.length} do not resolve. ${sentences}`,
          `Messages go to ${relayNode.name} only. Publish the missing profile, or take the name out.`,
        );
  },
};

export const PROFILE_CHECKS: readonly Check[] = [profile, relayNodes];
