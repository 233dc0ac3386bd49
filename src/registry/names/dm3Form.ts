/**
 * The form of a name to dm3's clients: they fold every name by nameprep (RFC 3491, as in ethers 5), where ENS has ENSIP-15.
 * Of the characters that ENSIP-15 leaves in a name nameprep changes two, ß to ss and ς to σ, and refuses 40 in 100, of
 * emoji nearly all. So two names can be one name to those clients, and many names are none.
 */
import { nameprep } from "@ethersproject/strings";

/** What nameprep returns as it is; it takes 50 microseconds for the others. */
const PLAIN = /^(?!-|..--)[a-z0-9._-]*[a-z0-9._]$/;

/** The characters that nameprep changes, and what it makes of them. src/db/twins.ts says the same in SQL. */
const FOLDED = /ß|ss|ς|σ/;

/** Null: dm3's clients refuse it. `name` is in ENSIP-15 normal form. */
export function dm3FormOf(name: string): string | null {
  if (PLAIN.test(name)) return name;
  try {
    return nameprep(name);
  } catch {
    return null;
  }
}

/** The form that another name can have as well; null where no other name has it. */
export function sharedDm3Form(name: string): string | null {
  return FOLDED.test(name) ? dm3FormOf(name) : null;
}

/** Whether dm3's clients can use the name at all, and ask for it by the same letters. */
export function isUsableByDm3(name: string): boolean {
  return dm3FormOf(name) === name;
}
