/**
 * A conversation, deleted by its user. From the first moment nobody finds it, and its contact may begin anew; its messages are
 * deleted after that, so many at a time, however many there are. What comes meanwhile is not among them.
 */
import { sha256OfText } from "../../abi/sha256.js";
import { digestOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import { type DeletedRow, deleteMessages } from "./deleteMessages.js";
import { deletionsOf, noteDeletions } from "./deletionRows.js";
import { MOST_MOVES, nowOf } from "./moveConversation.js";

/** As `ConversationStore.remove`. */
export async function deleteConversation(
  own: AccountChange,
  contact: string,
  request?: string,
): Promise<boolean> {
  if (request !== undefined && !(await isNewRequest(own, contact, request))) return false;
  return markDeleted(own, contact);
}

/** Notes it where it is new, as something deleted that no message is: so long as those are known, it is known too. */
async function isNewRequest(
  own: AccountChange,
  contact: string,
  request: string,
): Promise<boolean> {
  // ids of messages are hashes of what begins with a name, and no name has a space
  const key = sha256OfText(`delete conversation ${JSON.stringify([contact, request])}`);
  if ((await deletionsOf(own, true, [key])).size > 0) return false;
  await noteDeletions(own, [{ isMessage: true, key, version: own.change, isFinal: true }]);
  return true;
}

/**
 * The one in which that of the contact goes on now, and those that went into it, which are the same person's. In place of
 * the hash of their contact stands that of bytes which are no text, so that no contact has it. They are hidden as well, which
 * keeps them out of lists.
 */
async function markDeleted(own: AccountChange, contact: string): Promise<boolean> {
  const { connection, tables, account, change } = own;
  const now = (await nowOf(own, contact))?.contact ?? contact;
  const { rows } = await fromDatabase(
    connection.query<{ bytes: number }>({
      name: "delete-conversation",
      text: `
        with recursive gone as (
          select number, contact, 0 as depth, octet_length(contact) + octet_length(profile_location) as bytes
          from ${tables.conversation} where (account, contact_hash) = ($1, $2)
          union
          select c.number, c.contact, depth + 1, octet_length(c.contact) + octet_length(c.profile_location)
          from ${tables.conversation} c join gone on c.moved_to = gone.contact
          where c.account = $1 and depth < ${MOST_MOVES}
        )
        update ${tables.conversation} c
        set deleted_hash = c.contact_hash, contact_hash = sha256('\\xff'::bytea || int8send(c.number)),
            contact = '', profile_location = '', is_hidden = true, moved_to = null,
            change = $3::bigint, version = greatest(c.version + 1, $3::bigint)
        from gone where c.number = gone.number
        returning gone.bytes`,
      values: [account, sha256OfText(now), change],
    }),
  );
  own.count({ deleting: rows.length, bytes: -rows.reduce((sum, { bytes }) => sum + bytes, 0) });
  return rows.length > 0;
}

/** Deletes messages of conversations that are being deleted, and those that have none left; how many, `limit` at most. */
export async function deleteRemoved(own: AccountChange, limit: number): Promise<number> {
  const { connection, tables, account } = own;
  const deleting = `select number from ${tables.conversation} where account = $1 and deleted_hash is not null`;
  const messages = await deleteMessages(
    own,
    `select account, id from ${tables.message} where conversation = any(array(${deleting})) limit $2`,
    [account, limit],
  );
  const { rows: conversations } = await fromDatabase(
    connection.query<DeletedRow>(
      `delete from ${tables.conversation} where number in (${deleting} and messages = 0 limit $2)
       returning deleted_hash as key, 0 as bytes, version`,
      [account, limit - messages.length],
    ),
  );
  own.count({ conversations: -conversations.length, deleting: -conversations.length });
  await noteDeletions(own, [
    ...messages.map(({ key, version }) => ({
      ...{ isMessage: true, key: digestOf(key), isFinal: true },
      version: Math.max(Number(version) + 1, own.change),
    })),
    // one may begin anew, and then has a later version
    ...latestOfEach(conversations).map(({ key, version }) => ({
      ...{ isMessage: false, key: digestOf(key), isFinal: false },
      version: Number(version),
    })),
  ]);
  return messages.length + conversations.length;
}

/** Of one contact two may be deleted, where it began anew meanwhile. */
function latestOfEach(rows: readonly DeletedRow[]): readonly DeletedRow[] {
  const latest = new Map<string, DeletedRow>();
  for (const row of rows) {
    const key = row.key.toString("latin1");
    if (Number(row.version) >= Number(latest.get(key)?.version ?? -1)) latest.set(key, row);
  }
  return [...latest.values()];
}
