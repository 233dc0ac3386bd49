/** What somebody who sets a resolver in ENSv1 should know of the registration behind the name. */
import type { NameFacts } from "../chain/nameFacts.js";
import type { Registration } from "../chain/registration.js";
import { registrationState } from "../chain/registrationState.js";
import { refused } from "../chain/unsentTransaction.js";

/** Sentences; none where all is well. */
export function registrationNotes({ registration }: Pick<NameFacts, "registration">): string[] {
  if (registration === null) return [];
  const { seen, advice } = registrationState(registration);
  // a name is written as it is, also where a sentence begins
  const isName = seen.startsWith(registration.name);
  const sentence = isName ? `${seen}.` : `${seen.charAt(0).toUpperCase()}${seen.slice(1)}.`;
  return advice === null ? [] : [`${sentence} ${advice}`];
}

/**
 * Throws TRANSACTION_REFUSED for a name that anybody can register: whoever does decides over it.
 */
export function assertNotLost({ name, registration }: NameFacts): void {
  if (registration === null) return;
  const { kind, seen, advice } = registrationState(registration);
  if (kind !== "lost") return;
  throw refused(`${seen}. ${advice ?? ""} Or use --although-lost to attach ${name} all the same.`, {
    name,
  });
}

/** Whether somebody has registered it, and the time has not ended. */
export function isRegistered(
  registration: Registration | null,
): registration is Registration & { readonly registrant: string } {
  return registration !== null && registration.registrant !== null;
}

/** By which the registrant becomes the owner in the registry, as a person types it into a block explorer. */
export function reclaimCall({ registrar, id }: Registration, owner: string): string {
  return `reclaim(${id.toString()}, ${owner}) of the .eth registrar ${registrar}`;
}
