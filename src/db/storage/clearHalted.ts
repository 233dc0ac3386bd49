/** A message that waited for its receiver is sent: the receiver has a profile, and so perhaps another contact. */
import type { Digest } from "../../abi/digest.js";
import type { Moved } from "../../storage/store.js";
import { textOfKey } from "../batchedLookup.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import { conversationOf } from "./conversationRows.js";
import { deletionsOf } from "./deletionRows.js";
import { knownMessages } from "./messageRows.js";
import { moveConversation } from "./moveConversation.js";

/** As `MessageStore.clearHalted`. */
export async function clearHalted(
  own: AccountChange,
  id: Digest,
  contact: string | null,
): Promise<Moved | null> {
  const { connection, tables, account, change, use } = own;
  // the same request, once more and late
  if ((await deletionsOf(own, true, [id])).size > 0) return { moved: 0 };
  const message = (await knownMessages(own, [id])).get(textOfKey(id));
  if (message === undefined) return null;
  // it was cleared before, and its conversation went where it should
  if (!message.isHalted) return { moved: 0 };
  await fromDatabase(
    connection.query(
      `update ${tables.message} set is_halted = false, change = $3, version = greatest(version + 1, $3)
       where (account, id) = ($1, $2)`,
      [account, id, change],
    ),
  );
  const from = contact === null ? null : await contactOf(own, message.conversation);
  const source = from === null ? null : await conversationOf(own, from);
  if (contact !== null && source !== null) await moveConversation(own, source, contact);
  return { moved: use.moved };
}

async function contactOf({ connection, tables }: AccountChange, conversation: number) {
  const text = `select contact from ${tables.conversation} where number = $1`;
  const { rows } = await fromDatabase(connection.query<{ contact: string }>(text, [conversation]));
  return rows[0]?.contact ?? null;
}
