/** A registry entry with a resolver of its own hides what the resolver of a name above says by wildcard. */
import { sameBytes } from "../../abi/bytes.js";
import { DM3_PROFILE_KEY } from "../../dm3/profile/profileRecord.js";
import { parentName } from "../../ens/hierarchy.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { isSignpostError } from "../../errors.js";
import { AnswerExpiry } from "../../lookup/answerExpiry.js";
import type { AnsweringResolver } from "../../lookup/answeringResolver.js";
import { EXTENDED_RESOLVER_ID } from "../../lookup/callResolver.js";
import { CheckLog } from "../../lookup/checks.js";
import { claimsInterface } from "../../lookup/contractView.js";
import { readAddress, readText } from "../../lookup/readRecord.js";
import type { Check } from "../check.js";
import { namedFor, resolverOf, resolverText } from "../facts/namedResolver.js";
import { notApplicable, passed, warning } from "../line.js";
import { nameOf, type Patient } from "../patient.js";

const ownEntry: Check = {
  id: "own-entry",
  title: "what a registry entry hides",
  needs: ["wildcard"],
  async examine(patient) {
    const found = await resolverOf(patient);
    const hidden = await wildcardAbove(patient, found);
    if (hidden === null) return passed("hides no other resolver, of a name above, from clients");
    const name = nameOf(patient);
    const { registeredName } = found;
    const entry = `the entry of ${registeredName} in ENS${found.through === null ? "" : "v1"} has a resolver of its own, which hides ${resolverText(hidden)} of ${hidden.registeredName}`;
    const published = await publishedBy(patient, hidden);
    if (published === null) {
      return notApplicable(`${entry}; whether that publishes ${name} could not be found out`);
    }
    if (published.length === 0) return passed(`${entry}; that publishes nothing of ${name}`);
    return warning(
      `${entry}: nobody sees the ${published.join(" and the ")} of ${name} that is published there`,
      `If the service of ${hidden.registeredName} is to answer, let the owner of ${registeredName} take the resolver out of its entry, or set it to that one. Otherwise delete the name at the service.`,
    );
  },
};

/** The ENSIP-10 resolver that would answer if the entry had none, and another than now; or null. */
async function wildcardAbove(
  patient: Patient,
  found: AnsweringResolver,
): Promise<AnsweringResolver | null> {
  const above = parentName(found.registeredName);
  if (above === null) return null;
  const wildcard = await namedFor(patient, resolvableName(above));
  if (wildcard === null || sameBytes(wildcard.address, found.address)) return null;
  const isExtended = await claimsInterface(patient, wildcard.address, EXTENDED_RESOLVER_ID);
  return isExtended ? wildcard : null;
}

/** Which of the records that matter it has for the name; null where it does not answer. */
async function publishedBy(
  patient: Patient,
  resolver: AnsweringResolver,
): Promise<string[] | null> {
  const { provider, deadline, fetcher } = patient;
  const context = {
    ...{ provider, deadline, fetcher },
    checks: new CheckLog(),
    expiry: new AnswerExpiry(),
  };
  const asked = resolvableName(patient.givenName);
  // not the one that it is asked through, which would follow the entry
  const found = { ...resolver, extended: true };
  try {
    const [address, profile] = await Promise.all([
      readAddress(context, found, asked),
      readText(context, found, asked, DM3_PROFILE_KEY),
    ]);
    return [...(address === null ? [] : ["address"]), ...(profile === null ? [] : ["DM3 profile"])];
  } catch (error) {
    if (isSignpostError(error) && error.code !== "INTERNAL") return null;
    throw error;
  }
}

export const OWN_ENTRY_CHECKS: readonly Check[] = [ownEntry];
