/** Counts what came of asking ENS who somebody is; what could not be found out is not "nobody". */
import { isSignpostError } from "../errors.js";
import type { Directory } from "./directory.js";

export const LOOKUP_RESULTS = ["found", "absent", "unreachable"] as const;

export type LookupResult = (typeof LOOKUP_RESULTS)[number];

export function countedDirectory(
  directory: Directory,
  note: (result: LookupResult) => void,
): Directory {
  return {
    personOf: async (name) => {
      try {
        const person = await directory.personOf(name);
        note(person.profile === null ? "absent" : "found");
        return person;
      } catch (error) {
        if (isSignpostError(error, "UNREACHABLE")) note("unreachable");
        throw error;
      }
    },
  };
}
