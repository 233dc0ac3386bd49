/** Conversations of another storage of the same user: made, or in the state that is later. */
import { sha256OfText } from "../../abi/sha256.js";
import type { ConversationRow } from "../../storage/rows.js";
import { textOfKey } from "../batchedLookup.js";
import type { AccountChange } from "./changeAccount.js";
import { conversationOf, makeConversation, setConversation } from "./conversationRows.js";
import { deletionsOf } from "./deletionRows.js";
import { repeatMove } from "./moveConversation.js";
import { withReadAhead } from "./readAhead.js";

/** Returns how many were news, and those that were deleted here later. */
export async function takeConversations(
  own: AccountChange,
  rows: readonly ConversationRow[],
): Promise<{ readonly taken: number; readonly gone: readonly ConversationRow[] }> {
  const hashes = rows.map(({ contact }) => sha256OfText(contact));
  const deleted = await deletionsOf(own, false, hashes);
  const gone: ConversationRow[] = [];
  let taken = 0;
  const some: ConversationRow[] = [];
  for (const [index, row] of rows.entries()) {
    const deletion = deleted.get(textOfKey(hashes[index] as Uint8Array));
    (row.version <= (deletion?.version ?? -1) ? gone : some).push(row);
  }
  await withReadAhead(own, some, contactsIn, async (ahead, row) => {
    if (await takeConversation(ahead, row)) taken++;
  });
  return { taken, gone };
}

/** Those of them that are there again, by messages that were not here when it was deleted. */
export async function takeGoneConversations(
  own: AccountChange,
  rows: readonly ConversationRow[],
): Promise<number> {
  let taken = 0;
  await withReadAhead(own, rows, contactsIn, async (ahead, row) => {
    const isThere = (await conversationOf(ahead, row.contact)) !== null;
    if (isThere && (await takeConversation(ahead, row))) taken++;
  });
  return taken;
}

const contactsIn = ({ contact, movedTo }: ConversationRow): readonly string[] =>
  movedTo === null ? [contact] : [contact, movedTo];

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
