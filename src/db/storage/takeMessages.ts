/** Messages of another storage of the same user: those that are missing here, and newer versions of those that are not. */
import { sha256OfText } from "../../abi/sha256.js";
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
import { withReadAhead } from "./readAhead.js";

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
  await putInto(own, known, newer, await conversationsFor(own, newer));
  return newer.length;
}

/** The numbers of the conversations in which those of their contacts go on, by contact. */
async function conversationsFor(
  own: AccountChange,
  rows: readonly MessageRow[],
): Promise<ReadonlyMap<string, number>> {
  const latestMs = new Map<string, number>();
  for (const { contact, version } of rows) {
    latestMs.set(contact, Math.max(version, latestMs.get(contact) ?? 0));
  }
  const contacts = [...latestMs.keys()];
  const keys = contacts.map((contact) => sha256OfText(contact));
  const deleted = await deletionsOf(own, false, keys);
  const numbers = new Map<string, number>();
  await withReadAhead(
    own,
    [...contacts.entries()],
    ([, contact]) => [contact],
    async (ahead, [index, contact]) => {
      // its row came before, perhaps, and was passed by as deleted
      const isNew = deleted.has(textOfKey(keys[index] as Uint8Array));
      const updatedMs = isNew ? Math.min(latestMs.get(contact) ?? 0, own.change) : 0;
      numbers.set(contact, (await goingOn(ahead, contact, updatedMs)).number);
    },
  );
  return numbers;
}

/** All of them at once, whichever conversations they go into. */
async function putInto(
  own: AccountChange,
  known: KnownMessages,
  rows: readonly MessageRow[],
  conversations: ReadonlyMap<string, number>,
): Promise<void> {
  const numberOf = ({ contact }: MessageRow) => conversations.get(contact) ?? 0;
  const [here, missing] = [rows.filter(isIn(known)), rows.filter((row) => !isIn(known)(row))];
  await rewriteMessages(own, known, here, here.map(numberOf));
  const added = new Set(
    (await insertMessages(own, missing.map(numberOf), missing)).map((id) => textOfKey(id)),
  );
  const more = new Map<number, number>();
  const count = (conversation: number, by: number) =>
    more.set(conversation, (more.get(conversation) ?? 0) + by);
  for (const row of missing) if (added.has(textOfKey(row.id))) count(numberOf(row), 1);
  for (const row of here) {
    count(numberOf(row), 1);
    count(known.get(textOfKey(row.id))?.conversation ?? 0, -1);
  }
  await countMessages(own, new Map([...more].filter(([, by]) => by !== 0)));
}

/** Conversations that have so many messages more, or fewer, are in no newer state. */
async function countMessages(
  { connection, tables, change }: AccountChange,
  more: ReadonlyMap<number, number>,
): Promise<void> {
  if (more.size === 0) return;
  await fromDatabase(
    connection.query({
      name: "count-in-conversations",
      text: `update ${tables.conversation} c set messages = c.messages + g.more, change = $3
             from unnest($1::bigint[], $2::integer[]) as g(number, more) where c.number = g.number`,
      values: [[...more.keys()], [...more.values()], change],
    }),
  );
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
