/** From the name to a resolver contract. */
import { checksumAddress } from "../../ens/address.js";
import { namehash } from "../../ens/namehash.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { registryResolver } from "../../ens/resolverFunctions.js";
import { isSignpostError } from "../../errors.js";
import { foreignText } from "../../fetch/foreignText.js";
import { hasCode, viewOf } from "../../lookup/contractView.js";
import { resolverInV1 } from "../../lookup/resolverInV1.js";
import type { Check } from "../check.js";
import {
  findingOf,
  isExtended,
  namedResolver,
  resolverOf,
  resolverText,
} from "../facts/namedResolver.js";
import { failed, type Finding, passed, warning } from "../line.js";
import { nameOf, type Patient } from "../patient.js";
import { stateInV2 } from "./registrationChecks.js";

const nameNormalised: Check = {
  id: "name-normalised",
  title: "the name",
  needs: [],
  examine(patient) {
    try {
      const name = nameOf(patient);
      const given = foreignText(patient.givenName);
      const finding =
        name === patient.givenName
          ? passed(`${name} is in ENSIP-15 normal form`)
          : warning(
              `${given} is not in ENSIP-15 normal form; ${name} is`,
              `Write ${name}: not every client normalises names.`,
            );
      return Promise.resolve(finding);
    } catch (error) {
      if (!isSignpostError(error, "INVALID_NAME")) throw error;
      return Promise.resolve(failed(foreignText(error.message), "Correct the name."));
    }
  },
};

const resolverFound: Check = {
  id: "resolver-found",
  title: "the ENS registry",
  needs: ["rpc-reachable", "name-normalised"],
  async examine(patient) {
    const registry = checksumAddress(patient.ensRegistry);
    if (!(await hasCode(patient, patient.ensRegistry))) {
      return failed(
        `the chain has no ENS registry at ${registry}`,
        "Use an RPC node of the chain that the name is on, or give the registry with --registry.",
      );
    }
    if ((await viewOf(patient, patient.ensRegistry, registryResolver, namehash(""))) === null) {
      return failed(
        `the contract at ${registry} is no ENS registry`,
        "Give the address of the ENS registry with --registry.",
      );
    }
    return await namedFinding(patient);
  },
};

async function namedFinding(patient: Patient): Promise<Finding> {
  const name = nameOf(patient);
  const finding = await findingOf(patient);
  const found = await namedResolver(patient);
  if (finding.resolver === null) {
    const inV2 = await stateInV2(patient);
    if (inV2?.kind === "lost") return failed(inV2.seen, inV2.advice ?? "");
  }
  if (found === null) {
    const { resolver } = finding;
    return resolver === null
      ? failed(
          `neither ${name} nor a name above it has a resolver in ENS`,
          `Set one for ${name} or its domain: \`signpost resolver attach\`.`,
        )
      : failed(
          `${checksumAddress(resolver.address)} of ${resolver.registeredName} passes calls on to the registry of ENSv1, which names no resolver for ${name}`,
          `Set one there for ${name} or its domain: \`signpost resolver attach\`.`,
        );
  }
  const how =
    found.registeredName === name ? "its own" : `by wildcard from ${found.registeredName}`;
  const seen = `${resolverText(found)}, ${how}`;
  const inV1 = await resolverInV1(patient, resolvableName(patient.givenName), finding);
  if (inV1 === undefined) return passed(seen);
  const former = inV1 === null ? "none" : checksumAddress(inV1);
  return finding.resolver === null
    ? failed(
        `ENSv2 names no resolver for ${name}; the registry of ENSv1 names ${former}`,
        "Clients that follow ENSv2 see nothing. Set the resolver of the name, or of its domain, in the ENS app.",
      )
    : warning(
        `${seen}; the registry of ENSv1 names ${former}`,
        "The name was moved or changed in ENSv2. Clients without ENSv2 still follow ENSv1: give both the same resolver.",
      );
}

const resolverCode: Check = {
  id: "resolver-code",
  title: "the resolver contract",
  needs: ["resolver-found"],
  async examine(patient) {
    const { address, registeredName } = await resolverOf(patient);
    return (await hasCode(patient, address))
      ? passed("there is a contract at the resolver's address")
      : failed(
          `there is no contract at ${checksumAddress(address)}`,
          `Deploy the resolver on this chain, or set another one for ${registeredName}.`,
        );
  },
};

const wildcard: Check = {
  id: "wildcard",
  title: "ENSIP-10",
  needs: ["resolver-code"],
  async examine(patient) {
    if (await isExtended(patient))
      return passed("speaks ENSIP-10: answers for names below its own");
    const { registeredName } = await resolverOf(patient);
    const seen = "does not claim 0x9061b923 (ENSIP-10) by ERC-165";
    const name = nameOf(patient);
    return registeredName === name
      ? warning(
          `${seen}, so it answers for ${name} alone`,
          "If names below are to resolve without registry entries of their own, set a resolver with `resolve(bytes,bytes)`.",
        )
      : failed(
          `${seen}, and belongs to ${registeredName}, so nobody asks it about ${name}`,
          `Set an ENSIP-10 resolver for ${registeredName}, or a resolver for ${name} itself.`,
        );
  },
};

export const NAME_CHECKS: readonly Check[] = [
  nameNormalised,
  resolverFound,
  resolverCode,
  wildcard,
];
