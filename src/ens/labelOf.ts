/** A user name as a label: a fixed rule, so that every import of one table gives the same names. */
import { SignpostError } from "../errors.js";
import { normalizeName } from "./normalize.js";

/**
 * In this order:
 *   1. white space at both ends goes, and one "@" at the beginning
 *   2. each run of white space, "_", "." and "-" becomes one "-"; at both ends it goes
 *   3. ENSIP-15's normal form, which folds case: "Ada" is "ada"
 *
 * So "Jane Doe", "jane_doe" and "JANE.DOE" are one label, jane-doe: whoever imports has to look for such collisions.
 * Throws INVALID_NAME for a user name of which no label remains, or whose characters ENS does not know.
 */
export function labelOf(userName: string): string {
  const joined = userName
    .trim()
    .replace(/^@/, "")
    .replace(/[\s_.-]+/gu, "-")
    .replace(/^-|-$/g, "");
  if (joined === "") {
    throw new SignpostError(
      "INVALID_NAME",
      `The user name ${JSON.stringify(userName.slice(0, 100))} has no character that a label can have; choose one for this user.`,
      { name: userName.slice(0, 100) },
    );
  }
  const label = normalizeName(joined);
  if (!label.includes(".")) return label;
  // ENSIP-15 maps some signs to full stops
  throw new SignpostError(
    "INVALID_NAME",
    `The user name ${JSON.stringify(userName.slice(0, 100))} is more than one label in ENS; choose one for this user.`,
    { name: userName.slice(0, 100) },
  );
}
