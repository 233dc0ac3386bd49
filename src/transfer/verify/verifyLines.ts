/** The lines of one name as they stand in an export, read and verified. What is not in our form stops the whole import. */
import { digestFrom } from "../../abi/digest.js";
import { fromHex } from "../../abi/hex.js";
import type { SealedEntry } from "../../registry/history/historyEntry.js";
import type { NameGroup } from "../form/nameGroups.js";
import { entryTextOf, malformed, readLine, stateTextOf } from "../form/readLine.js";
import type { NameArrival, Refused } from "./nameArrival.js";
import { MOST_ENTRIES, type VerifyContext, verifyName } from "./verifyName.js";

/** Throws EXPORT_MALFORMED. */
export function verifyLines(
  { line, texts, isTooLong }: NameGroup,
  context: VerifyContext,
): Promise<NameArrival | Refused> {
  const [first = "", ...rest] = texts;
  const name = readLine(first, line);
  if (name.kind !== "name") throw malformed(line, "a line with the name was expected here.");
  if (isTooLong) {
    const reason = `it has more than ${MOST_ENTRIES} entries, or too much in them`;
    return Promise.resolve({ name: name.name, reason });
  }
  const entries = rest.map((text, index): SealedEntry => {
    const read = readLine(text, line + 1 + index);
    if (read.kind !== "entry") throw malformed(line + 1 + index, "an entry was expected here.");
    const { entry, hash } = read;
    return { entry, hash: digestFrom(fromHex(hash)), text: entryTextOf(text) };
  });
  return verifyName({ line: name, stateText: stateTextOf(first), entries }, context);
}
