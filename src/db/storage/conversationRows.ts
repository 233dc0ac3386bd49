/** Rows of conversations, found by the hashes of their contacts. */
import { sha256OfText } from "../../abi/sha256.js";
import { bytesOfConversation, utf8Length } from "../../storage/rows.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import {
  CONVERSATION_COLUMNS,
  type ConversationColumns,
  keyOfContact,
  type KnownConversation,
  knownConversation,
} from "./knownConversation.js";

/** What a conversation gets; what is not named, it keeps, or begins with. */
export interface ConversationFields {
  readonly profileLocation?: string;
  readonly isHidden?: boolean;
  readonly movedTo?: string | null;
  readonly messages?: number;
  readonly updatedMs?: number;
  readonly version?: number;
}

/** The one with this contact; null where there is none. */
export async function conversationOf(
  { connection, tables, account, readAhead }: AccountChange,
  contact: string,
): Promise<KnownConversation | null> {
  const before = readAhead?.get(keyOfContact(contact));
  if (before !== undefined) return before;
  const { rows } = await fromDatabase(
    connection.query<ConversationColumns>({
      name: "conversation-of-contact",
      text: `select ${CONVERSATION_COLUMNS} from ${tables.conversation} where (account, contact_hash) = ($1, $2)`,
      values: [account, sha256OfText(contact)],
    }),
  );
  const [row] = rows;
  return row === undefined ? null : knownConversation(row);
}

/** Where the profile of its contact is; empty where no client said so. */
export async function profileLocationOf(
  { connection, tables }: AccountChange,
  { number }: KnownConversation,
): Promise<string> {
  const { rows } = await fromDatabase(
    connection.query<{ profile_location: string }>({
      name: "profile-location",
      text: `select profile_location from ${tables.conversation} where number = $1`,
      values: [number],
    }),
  );
  return rows[0]?.profile_location ?? "";
}

/** Makes one, and counts it. */
export async function makeConversation(
  own: AccountChange,
  contact: string,
  fields: ConversationFields = {},
): Promise<KnownConversation> {
  const { connection, tables, account, change } = own;
  const { profileLocation = "", isHidden = false, movedTo = null, messages = 0 } = fields;
  const { updatedMs = change, version = change } = fields;
  const { rows } = await fromDatabase(
    connection.query<ConversationColumns>({
      name: "make-conversation",
      text: `
        insert into ${tables.conversation}
          (account, contact_hash, contact, profile_location, is_hidden, moved_to, messages, updated, change, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${CONVERSATION_COLUMNS}`,
      values: [
        ...[account, sha256OfText(contact), contact, profileLocation, isHidden, movedTo],
        ...[messages, updatedMs, change, version],
      ],
    }),
  );
  own.count({ conversations: 1, bytes: bytesOfConversation({ contact, profileLocation }) });
  const made = knownConversation(rows[0] as ConversationColumns);
  own.readAhead?.set(keyOfContact(contact), made);
  return made;
}

/** Gives it other fields, and counts what they take. Without a version it gets a higher one than it has. */
export async function setConversation(
  own: AccountChange,
  known: KnownConversation,
  { profileLocation, ...fields }: ConversationFields,
): Promise<void> {
  const { connection, tables, change } = own;
  const locationBytes =
    profileLocation === undefined ? known.locationBytes : utf8Length(profileLocation);
  const next: KnownConversation = {
    ...{ ...known, locationBytes, version: Math.max(known.version + 1, change) },
    ...fields,
  };
  await fromDatabase(
    connection.query({
      name: "set-conversation",
      text: `
        update ${tables.conversation}
        set profile_location = coalesce($2, profile_location), is_hidden = $3, moved_to = $4,
            messages = $5, updated = $6, change = $7, version = $8
        where number = $1`,
      values: [
        ...[known.number, profileLocation ?? null, next.isHidden, next.movedTo],
        ...[next.messages, next.updatedMs, change, next.version],
      ],
    }),
  );
  own.readAhead?.set(keyOfContact(known.contact), next);
  own.count({ bytes: locationBytes - known.locationBytes });
}
