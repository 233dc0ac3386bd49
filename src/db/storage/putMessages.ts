/** Messages that a client adds or changes, in one change of its account. What was deleted stays so. */
import type { Digest } from "../../abi/digest.js";
import type { Added, Edited, NewMessage } from "../../storage/store.js";
import { textOfKey } from "../batchedLookup.js";
import { addToConversation } from "./addToConversation.js";
import type { AccountChange } from "./changeAccount.js";
import { conversationOf, makeConversation, setConversation } from "./conversationRows.js";
import { deletionsOf } from "./deletionRows.js";
import type { KnownConversation } from "./knownConversation.js";
import { insertMessages, knownMessages, rewriteMessages } from "./messageRows.js";

/** What went into a conversation. */
interface Put extends Pick<Added, "isNewConversation"> {
  /** Of those that were not known. */
  readonly ids: readonly Digest[];
}

const NOTHING: Put = { ids: [], isNewConversation: false };

/** As `MessageStore.add`. */
export async function addMessages(
  own: AccountChange,
  contact: string,
  messages: readonly NewMessage[],
): Promise<Added> {
  const unique = firstOfEachId(messages);
  const some = await withoutDeleted(own, unique);
  const isAllDeleted = some.length === 0 && unique.length > 0;
  const { ids, isNewConversation } = isAllDeleted ? NOTHING : await addTo(own, contact, some);
  const isAdded = new Set(ids.map(textOfKey));
  const known = unique.map(({ id }) => id).filter((id) => !isAdded.has(textOfKey(id)));
  return { added: ids.length, known, isNewConversation };
}

/** As `MessageStore.edit`. */
export async function editMessages(
  own: AccountChange,
  contact: string,
  messages: readonly NewMessage[],
): Promise<Edited> {
  const latest = firstOfEachId([...messages].reverse()).reverse();
  const some = await withoutDeleted(own, latest);
  const ids = some.map(({ id }) => id);
  const known = await knownMessages(own, ids);
  const isKnown = ({ id }: NewMessage) => known.has(textOfKey(id));
  const changed = some.filter(isKnown);
  await rewriteMessages(own, known, changed, null);
  const missing = some.filter((message) => !isKnown(message));
  if (missing.length > 0) {
    const { conversation } = await openConversation(own, contact);
    await insertInto(own, conversation, missing);
    await noteAdded(own, conversation, missing.length, conversation.updatedMs);
  }
  return { added: missing.length, changed: changed.length };
}

async function withoutDeleted(
  own: AccountChange,
  messages: readonly NewMessage[],
): Promise<readonly NewMessage[]> {
  const ids = messages.map(({ id }) => id);
  const deleted = await deletionsOf(own, true, ids);
  return messages.filter(({ id }) => !deleted.has(textOfKey(id)));
}

/** Into the conversation of this contact. */
async function addTo(
  own: AccountChange,
  contact: string,
  messages: readonly NewMessage[],
): Promise<Put> {
  const there = await addToConversation(own, contact, messages);
  if (there !== null) return { ids: there, isNewConversation: false };
  const { conversation, isNew } = await openConversation(own, contact);
  const added = await insertInto(own, conversation, messages);
  await noteAdded(own, conversation, added.length, own.change);
  return { ids: added, isNewConversation: isNew };
}

interface Opened {
  readonly conversation: KnownConversation;
  readonly isNew: boolean;
}

/** The conversation of a contact, made where there is none; one that went into another one goes on, with the location that it had. */
async function openConversation(own: AccountChange, contact: string): Promise<Opened> {
  const known = await conversationOf(own, contact);
  if (known !== null) return { conversation: known, isNew: false };
  return { conversation: await makeConversation(own, contact), isNew: true };
}

function insertInto(
  own: AccountChange,
  { number }: KnownConversation,
  messages: readonly NewMessage[],
): Promise<readonly Digest[]> {
  const all = messages.map(() => number);
  return insertMessages(own, all, messages);
}

async function noteAdded(
  own: AccountChange,
  conversation: KnownConversation,
  added: number,
  updatedMs: number,
): Promise<void> {
  if (added === 0) return;
  const messages = conversation.messages + added;
  if (conversation.movedTo !== null) {
    await setConversation(own, conversation, { messages, updatedMs, movedTo: null });
    return;
  }
  // that there are more messages in it is no newer state of it
  const { version } = conversation;
  await setConversation(own, conversation, { messages, updatedMs, version });
}

function firstOfEachId(messages: readonly NewMessage[]): NewMessage[] {
  const first = new Map<string, NewMessage>();
  for (const message of messages) {
    const key = textOfKey(message.id);
    if (!first.has(key)) first.set(key, message);
  }
  return [...first.values()];
}
