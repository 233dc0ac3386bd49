/**
 * Rows of another storage of the same user. The later version of a row wins, so taking the same in again changes nothing, also
 * when an earlier piece comes after a later one.
 */
import type { ConversationRow, MessageRow, StoredRow } from "../../storage/rows.js";
import type { Taken } from "../../storage/store.js";
import { textOfKey } from "../batchedLookup.js";
import type { AccountChange } from "./changeAccount.js";
import { moveConversation } from "./clearHalted.js";
import { conversationOf, makeConversation, setConversation } from "./conversationRows.js";
import { insertMessages, knownMessages, rewriteMessages } from "./messageRows.js";

export async function takeRows(own: AccountChange, rows: readonly StoredRow[]): Promise<Taken> {
  let taken = 0;
  for (const row of rows) {
    if (row.kind === "conversation" && (await takeConversation(own, row))) taken++;
  }
  const messages = latestOfEach(rows.filter((row) => row.kind === "message"));
  const ids = messages.map(({ id }) => id);
  const known = await knownMessages(own, ids);
  const versionHere = ({ id }: MessageRow) => known.get(textOfKey(id))?.version;
  const newer = messages.filter((row) => row.version > (versionHere(row) ?? Infinity));
  await rewriteMessages(own, known, newer, true);
  const missing = messages.filter((row) => versionHere(row) === undefined);
  for (const [contact, some] of byContact(missing)) await insertFor(own, contact, some);
  return { taken: taken + newer.length + missing.length };
}

async function takeConversation(own: AccountChange, row: ConversationRow): Promise<boolean> {
  const known = await conversationOf(own, row.contact);
  const { version, profileLocation, isHidden, updatedMs } = row;
  if (row.movedTo !== null) {
    if (known === null || known.movedTo !== null || known.version > version) return false;
    await moveConversation(own, row.contact, row.movedTo);
    return true;
  }
  if (known === null) {
    await makeConversation(own, row.contact, { version, profileLocation, isHidden, updatedMs });
    return true;
  }
  const latestMs = Math.max(updatedMs, known.updatedMs);
  if (version > known.version) {
    const fields = { version, profileLocation, isHidden, updatedMs: latestMs, movedTo: null };
    await setConversation(own, known, fields);
    return true;
  }
  if (latestMs === known.updatedMs) return false;
  await setConversation(own, known, { version: known.version, updatedMs: latestMs });
  return true;
}

async function insertFor(
  own: AccountChange,
  contact: string,
  rows: readonly MessageRow[],
): Promise<void> {
  const conversation =
    (await conversationOf(own, contact)) ?? (await makeConversation(own, contact, { version: 0 }));
  const added = await insertMessages(own, conversation.number, rows);
  const messages = conversation.messages + added.length;
  await setConversation(own, conversation, {
    ...{ version: conversation.version, messages },
    movedTo: null,
  });
}

function latestOfEach(rows: readonly MessageRow[]): readonly MessageRow[] {
  const latest = new Map<string, MessageRow>();
  for (const row of rows) {
    const key = textOfKey(row.id);
    if (row.version >= (latest.get(key)?.version ?? -Infinity)) latest.set(key, row);
  }
  return [...latest.values()];
}

function byContact(rows: readonly MessageRow[]): ReadonlyMap<string, readonly MessageRow[]> {
  const groups = new Map<string, MessageRow[]>();
  for (const row of rows) {
    const group = groups.get(row.contact);
    if (group === undefined) groups.set(row.contact, [row]);
    else group.push(row);
  }
  return groups;
}
