/** Asked about a domain beside its service: which of the names that are published below it clients never ask it for. */
import { hiddenNames, hiddenNamesText } from "../../chain/hiddenNames.js";
import type { Check } from "../check.js";
import { resolverOf } from "../facts/namedResolver.js";
import { failed, notApplicable, passed, warning } from "../line.js";
import { nameOf } from "../patient.js";

const hiddenNamesCheck: Check = {
  id: "hidden-names",
  title: "registry entries below the domain",
  needs: ["wildcard"],
  async examine(patient) {
    const domain = nameOf(patient);
    const { address: resolver, registeredName } = await resolverOf(patient);
    const published =
      registeredName === domain ? await patient.publishedNames?.(domain) : undefined;
    if (published === undefined || published.kind === "not-served") {
      return notApplicable(
        "looks at the names that a service publishes below its domain: ask about a domain, in the service's folder",
      );
    }
    if (published.kind === "unknown") {
      return warning(
        `the names that the service publishes below ${domain} could not be looked at. ${published.reason}`,
        "See that the service's database answers, and ask again.",
      );
    }
    const { names, areAll } = published;
    const hidden = await hiddenNames(patient, patient, { domain, resolvers: [resolver] }, names);
    const looked = `${areAll ? "" : "the first "}${names.length} names that are published`;
    return hidden.length === 0
      ? passed(`${looked}, none hidden by a registry entry of its own`)
      : failed(
          `of ${looked}, ${hidden.length} are hidden by registry entries with other resolvers: ${hiddenNamesText(hidden)}`,
          "Clients never ask the service for them. Let their owners take the resolver out of the entry, or delete the names at the service.",
        );
  },
};

export const HIDDEN_NAMES_CHECKS: readonly Check[] = [hiddenNamesCheck];
