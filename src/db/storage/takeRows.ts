/**
 * Rows of another storage of the same user. The later version of a row wins, so taking the same in again changes nothing, also
 * when an earlier piece comes after a later one.
 */
import { sha256OfText } from "../../abi/sha256.js";
import { SignpostError } from "../../errors.js";
import type { ConversationRow, MessageRow, StoredRow } from "../../storage/rows.js";
import type { Taken } from "../../storage/store.js";
import { textOfKey } from "../batchedLookup.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import { conversationOf, makeConversation, setConversation } from "./conversationRows.js";
import { deletionsOf } from "./deletionRows.js";
import {
  insertMessages,
  type KnownMessages,
  knownMessages,
  rewriteMessages,
} from "./messageRows.js";
import { goingOn, repeatMove } from "./moveConversation.js";

/** Clocks differ; a version far ahead of ours would win over whatever is changed here until then. */
const MOST_AHEAD_MS = 86_400_000;

/** Throws INVALID_REQUEST for a version that is more than a day ahead. */
export async function takeRows(own: AccountChange, rows: readonly StoredRow[]): Promise<Taken> {
  for (const row of rows) assertNotAhead(row, own.change);
  let taken = 0;
  for (const row of await conversationsIn(own, rows)) if (await takeConversation(own, row)) taken++;
  const messages = await messagesIn(own, rows);
  const ids = messages.map(({ id }) => id);
  const known = await knownMessages(own, ids);
  const newer = messages.filter((row) => row.version > (versionIn(known, row) ?? -1));
  for (const [contact, some] of byContact(newer)) await takeMessages(own, known, contact, some);
  return { taken: taken + newer.length };
}

/** In their order, without those that were deleted here later. */
async function conversationsIn(
  own: AccountChange,
  rows: readonly StoredRow[],
): Promise<readonly ConversationRow[]> {
  const conversations = rows.filter((row) => row.kind === "conversation");
  const hashes = conversations.map(({ contact }) => sha256OfText(contact));
  const deleted = await deletionsOf(own, false, hashes);
  return conversations.filter(
    ({ version }, index) => version > (deleted.get(textOfKey(hashes[index]!))?.version ?? -1),
  );
}

/** Of two with one id the later one, without those that were deleted here later, or for good. */
async function messagesIn(
  own: AccountChange,
  rows: readonly StoredRow[],
): Promise<readonly MessageRow[]> {
  const messages = latestOfEach(rows.filter((row) => row.kind === "message"));
  const ids = messages.map(({ id }) => id);
  const deleted = await deletionsOf(own, true, ids);
  return messages.filter(({ id, version }) => {
    const deletion = deleted.get(textOfKey(id));
    return deletion === undefined || (!deletion.isFinal && version > deletion.version);
  });
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

/** Into the conversation in which that of their contact goes on. */
async function takeMessages(
  own: AccountChange,
  known: KnownMessages,
  contact: string,
  rows: readonly MessageRow[],
): Promise<void> {
  const conversation = await goingOn(own, contact);
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

function assertNotAhead({ version }: StoredRow, change: number): void {
  if (version <= change + MOST_AHEAD_MS) return;
  throw new SignpostError(
    "INVALID_REQUEST",
    `The version ${version} is more than a day ahead of this storage. Set the clock of the other one, or of this one.`,
  );
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
