/**
 * Rows of another storage of the same user. The later version of a row wins, so taking the same in again changes nothing, also
 * when an earlier piece comes after a later one.
 */
import { SignpostError } from "../../errors.js";
import type { StoredRow } from "../../storage/rows.js";
import type { Taken } from "../../storage/store.js";
import type { AccountChange } from "./changeAccount.js";
import { takeConversations, takeGoneConversations } from "./takeConversations.js";
import { takeDeletions } from "./takeDeletions.js";
import { takeMessages } from "./takeMessages.js";

/** Clocks differ; a version far ahead of ours would win over whatever is changed here until then. */
const MOST_AHEAD_MS = 86_400_000;

/** Throws INVALID_REQUEST for a version that is more than a day ahead. */
export async function takeRows(own: AccountChange, rows: readonly StoredRow[]): Promise<Taken> {
  for (const row of rows) assertNotAhead(row, own.change);
  const conversations = rows.filter((row) => row.kind === "conversation");
  const { taken, gone } = await takeConversations(own, conversations);
  const messages = await takeMessages(
    own,
    rows.filter((row) => row.kind === "message"),
  );
  const again = await takeGoneConversations(own, gone);
  const deletions = await takeDeletions(
    own,
    rows.filter((row) => row.kind === "deletion"),
  );
  return { taken: taken + messages + again + deletions, moved: own.use.moved };
}

function assertNotAhead({ version }: StoredRow, change: number): void {
  if (version <= change + MOST_AHEAD_MS) return;
  throw new SignpostError(
    "INVALID_REQUEST",
    `The version ${version} is more than a day ahead of this storage. Set the clock of the other one, or of this one.`,
  );
}
