/** A message that waited for its receiver is sent: the receiver has a profile, and so perhaps another contact. */
import type { Digest } from "../../abi/digest.js";
import { textOfKey } from "../batchedLookup.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import {
  conversationOf,
  type KnownConversation,
  makeConversation,
  setConversation,
} from "./conversationRows.js";
import { knownMessages } from "./messageRows.js";

/** As `MessageStore.clearHalted`. */
export async function clearHalted(
  own: AccountChange,
  id: Digest,
  contact: string | null,
): Promise<boolean> {
  const { connection, tables, account, change } = own;
  const message = (await knownMessages(own, [id])).get(textOfKey(id));
  if (message === undefined) return false;
  if (message.isHalted) {
    await fromDatabase(
      connection.query(
        `update ${tables.message} set is_halted = false, change = $3, version = $3 where (account, id) = ($1, $2)`,
        [account, id, change],
      ),
    );
  }
  const from = contact === null ? null : await contactOf(own, message.conversation);
  if (contact !== null && from !== null) await moveConversation(own, from, contact);
  return true;
}

/**
 * The conversation goes on under another contact, or into the one that has it. The row of the first contact stays, and says where
 * its messages went. Nothing to do where there is none, or it went before.
 */
export async function moveConversation(
  own: AccountChange,
  from: string,
  to: string,
): Promise<void> {
  const [source, target] = [await conversationOf(own, from), await conversationOf(own, to)];
  if (source === null || source.movedTo !== null || from === to) return;
  if (target === null) {
    await setConversation(own, source, { contact: to });
    const { profileLocation, updatedMs } = source;
    await makeConversation(own, from, { profileLocation, updatedMs, movedTo: to });
    return;
  }
  await moveMessages(own, source, target);
  await setConversation(own, target, {
    messages: target.messages + source.messages,
    updatedMs: Math.max(target.updatedMs, source.updatedMs),
    profileLocation: target.profileLocation || source.profileLocation,
    movedTo: null,
  });
  await setConversation(own, source, { messages: 0, movedTo: to });
}

async function moveMessages(
  { connection, tables }: AccountChange,
  source: KnownConversation,
  target: KnownConversation,
): Promise<void> {
  const text = `update ${tables.message} set conversation = $2 where conversation = $1`;
  await fromDatabase(connection.query(text, [source.number, target.number]));
}

async function contactOf({ connection, tables }: AccountChange, conversation: number) {
  const text = `select contact from ${tables.conversation} where number = $1`;
  const { rows } = await fromDatabase(connection.query<{ contact: string }>(text, [conversation]));
  return rows[0]?.contact ?? null;
}
