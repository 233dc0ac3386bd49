import { type HiddenName, hiddenNamesText, type PublishedNames } from "../chain/hiddenNames.js";

/** What somebody who attaches a domain should know of the names that are published below it: sentences. */
export function notesOfHidden(published: PublishedNames, hidden: readonly HiddenName[]): string[] {
  if (published.kind === "not-served") return [];
  if (published.kind === "unknown") {
    return [
      `Whether names that the service publishes have registry entries of their own could not be found out. ${published.reason}`,
    ];
  }
  if (hidden.length === 0) return [];
  const looked = `${published.areAll ? "" : "the first "}${published.names.length}`;
  return [
    `Of ${looked} names that the service publishes below it, ${hidden.length} stay hidden by registry entries with other resolvers: ${hiddenNamesText(hidden)}. Clients ask those. Let their owners take the resolver out of the entry, or delete the names at the service.`,
  ];
}
