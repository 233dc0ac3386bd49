/** Conversations of another storage of the same user: made, or in the state that is later. */
import { sha256OfText } from "../../abi/sha256.js";
import type { ConversationRow } from "../../storage/rows.js";
import { textOfKey } from "../batchedLookup.js";
import type { AccountChange } from "./changeAccount.js";
import { conversationOf, makeConversation, setConversation } from "./conversationRows.js";
import { deletionsOf } from "./deletionRows.js";
import { repeatMove } from "./moveConversation.js";

/** Returns how many were news, and those that were deleted here later. */
export async function takeConversations(
  own: AccountChange,
  rows: readonly ConversationRow[],
): Promise<{ readonly taken: number; readonly gone: readonly ConversationRow[] }> {
  const hashes = rows.map(({ contact }) => sha256OfText(contact));
  const deleted = await deletionsOf(own, false, hashes);
  const gone: ConversationRow[] = [];
  let taken = 0;
  for (const [index, row] of rows.entries()) {
    const deletion = deleted.get(textOfKey(hashes[index] as Uint8Array));
    if (row.version <= (deletion?.version ?? -1)) gone.push(row);
    else if (await takeConversation(own, row)) taken++;
  }
  return { taken, gone };
}

/** Those of them that are there again, by messages that were not here when it was deleted. */
export async function takeGoneConversations(
  own: AccountChange,
  rows: readonly ConversationRow[],
): Promise<number> {
  let taken = 0;
  for (const row of rows) {
    const isThere = (await conversationOf(own, row.contact)) !== null;
    if (isThere && (await takeConversation(own, row))) taken++;
  }
  return taken;
}

async function takeConversation(own: AccountChange, row: ConversationRow): Promise<boolean> {
  const known = await conversationOf(own, row.contact);
  const { version, profileLocation, isHidden, updatedMs, movedTo } = row;
  const fields = { version, profileLocation, isHidden };
  if (known === null) {
    await makeConversation(own, row.contact, { ...fields, updatedMs, movedTo });
    return true;
  }
  const latestMs = Math.max(updatedMs, known.updatedMs);
  if (version > known.version && movedTo !== null && movedTo !== row.contact) {
    await repeatMove(own, known, movedTo, version);
    return true;
  }
  if (version > known.version) {
    await setConversation(own, known, { ...fields, updatedMs: latestMs, movedTo: null });
    return true;
  }
  if (latestMs === known.updatedMs || known.movedTo !== null) return false;
  await setConversation(own, known, { version: known.version, updatedMs: latestMs });
  return true;
}
