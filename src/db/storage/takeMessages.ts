/** Messages of another storage of the same user: those that are missing here, and newer versions of those that are not. */
import type { MessageRow } from "../../storage/rows.js";
import { textOfKey } from "../batchedLookup.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import { deletionsOf, dropDeletions } from "./deletionRows.js";
import {
  insertMessages,
  type KnownMessages,
  knownMessages,
  rewriteMessages,
} from "./messageRows.js";
import { goingOn } from "./moveConversation.js";

/** Returns how many were news. */
export async function takeMessages(
  own: AccountChange,
  rows: readonly MessageRow[],
): Promise<number> {
  const latest = latestOfEach(rows);
  const ids = latest.map(({ id }) => id);
  const deleted = await deletionsOf(own, true, ids);
  const known = await knownMessages(own, ids);
  const newer = latest.filter((row) => {
    const deletion = deleted.get(textOfKey(row.id));
    if (deletion?.isFinal === true) return false;
    return row.version > Math.max(versionIn(known, row) ?? -1, deletion?.version ?? -1);
  });
  const overtaken = newer.map(({ id }) => id).filter((id) => deleted.has(textOfKey(id)));
  await dropDeletions(own, overtaken);
  for (const [contact, some] of byContact(newer)) await putInto(own, known, contact, some);
  return newer.length;
}

/** Into the conversation in which that of their contact goes on. */
async function putInto(
  own: AccountChange,
  known: KnownMessages,
  contact: string,
  rows: readonly MessageRow[],
): Promise<void> {
  const comesMs = Math.max(...rows.map(({ version }) => version));
  const conversation = await goingOn(own, contact, Math.min(comesMs, own.change));
  const [here, missing] = [rows.filter(isIn(known)), rows.filter((row) => !isIn(known)(row))];
  await rewriteMessages(own, known, here, conversation.number);
  const added = await insertMessages(own, conversation.number, missing);
  await countMessages(own, conversation.number, added.length);
  for (const [before, count] of conversationsOf(known, here)) {
    if (before === conversation.number) continue;
    await countMessages(own, before, -count);
    await countMessages(own, conversation.number, count);
  }
}

/** A conversation that has more or fewer messages is in no newer state. */
async function countMessages(
  { connection, tables, change }: AccountChange,
  conversation: number,
  more: number,
): Promise<void> {
  if (more === 0) return;
  await fromDatabase(
    connection.query({
      name: "count-in-conversation",
      text: `update ${tables.conversation} set messages = messages + $2, change = $3 where number = $1`,
      values: [conversation, more, change],
    }),
  );
}

/** How many of the messages are in which conversation. */
function conversationsOf(
  known: KnownMessages,
  rows: readonly MessageRow[],
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { id } of rows) {
    const conversation = known.get(textOfKey(id))?.conversation;
    if (conversation !== undefined) {
      counts.set(conversation, (counts.get(conversation) ?? 0) + 1);
    }
  }
  return counts;
}

const versionIn = (known: KnownMessages, { id }: MessageRow) => known.get(textOfKey(id))?.version;
const isIn = (known: KnownMessages) => (row: MessageRow) => versionIn(known, row) !== undefined;

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
