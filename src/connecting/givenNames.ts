/** The names that users of a network get: at which registry, and whether it takes them. */
import type { NamesOfNetwork } from "../messaging/address/nativeName.js";
import type { LinkingParts } from "../messaging/linking.js";
import { namePublisher, type RegistryAccess } from "./namePublisher.js";
import { NO_REGISTRY, type RegistryWatch, watchRegistry } from "./registryWatch.js";
import { whyNoNames } from "./whyNoNames.js";

export interface GivenNames {
  readonly names: NamesOfNetwork;
  readonly registry: RegistryAccess;
}

/** @param given null: users come with names of their own */
export function givenNames(
  given: GivenNames | null,
  reportFailure: (error: unknown) => void,
): { readonly given: LinkingParts["given"]; readonly registry: RegistryWatch } {
  if (given === null) return { given, registry: NO_REGISTRY };
  const { names, registry } = given;
  return {
    given: { names, publisher: namePublisher(registry, reportFailure) },
    registry: watchRegistry((signal) => whyNoNames(registry, names.domain, signal)),
  };
}
