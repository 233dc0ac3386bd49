/** What is told about a name that no domain holds, because it lies under an alias, or under nothing. */
import { SignpostError } from "../../errors.js";
import { type AliasDomain, nameBehind, namespacesOf } from "./aliasDomain.js";
import { notOfDomain } from "./notOfDomain.js";

type Aliases = readonly AliasDomain[];

/** Why `domain` may not change the name, which it does not hold. */
export function refusedToDomain(aliases: Aliases, name: string, domain: string): SignpostError {
  const aliasOf = storedNameOf(aliases, name);
  if (aliasOf === null) return notOfDomain(name, domain);
  return new SignpostError("FORBIDDEN", sentence(name, aliasOf), { name, domain, aliasOf });
}

/** Of a name that no domain holds. */
export function noDomainHolds(aliases: Aliases, name: string): SignpostError {
  const aliasOf = storedNameOf(aliases, name);
  return aliasOf === null
    ? new SignpostError(
        "UNKNOWN_DOMAIN",
        `The name ${name} lies under no domain that is served here.`,
        { name },
      )
    : new SignpostError("UNKNOWN_DOMAIN", sentence(name, aliasOf), { name, aliasOf });
}

/** Null unless the name lies under an alias. */
function storedNameOf(aliases: Aliases, name: string): string | null {
  const stored = nameBehind(name, namespacesOf([], aliases));
  return stored === name ? null : stored;
}

function sentence(name: string, storedName: string): string {
  return `The name ${name} lies under an alias domain and has no records of its own: it is answered with those of ${storedName}. Use ${storedName}.`;
}
