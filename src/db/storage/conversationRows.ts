/** Rows of conversations, found by the hashes of their contacts. */
import { sha256OfText } from "../../abi/sha256.js";
import { bytesOfConversation, utf8Length } from "../../storage/rows.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";

export interface KnownConversation {
  readonly number: number;
  readonly contact: string;
  readonly profileLocation: string;
  readonly isHidden: boolean;
  readonly movedTo: string | null;
  readonly messages: number;
  readonly updatedMs: number;
  readonly version: number;
}

/** Columns as they are read here. */
interface ConversationColumns {
  readonly number: string;
  readonly contact: string;
  readonly profile_location: string;
  readonly is_hidden: boolean;
  readonly moved_to: string | null;
  readonly messages: number;
  readonly updated: string;
  readonly version: string;
}

const COLUMNS =
  "number, contact, profile_location, is_hidden, moved_to, messages, updated, version";

/** What a conversation gets; what is not named, it keeps, or begins with. */
export interface ConversationFields {
  readonly contact?: string;
  readonly profileLocation?: string;
  readonly isHidden?: boolean;
  readonly movedTo?: string | null;
  readonly messages?: number;
  readonly updatedMs?: number;
  readonly version?: number;
}

/** The one with this contact; null where there is none. */
export async function conversationOf(
  { connection, tables, account }: AccountChange,
  contact: string,
): Promise<KnownConversation | null> {
  const { rows } = await fromDatabase(
    connection.query<ConversationColumns>({
      name: "conversation-of-contact",
      text: `select ${COLUMNS} from ${tables.conversation} where (account, contact_hash) = ($1, $2)`,
      values: [account, sha256OfText(contact)],
    }),
  );
  const [row] = rows;
  return row === undefined ? null : knownConversation(row);
}

/** Makes one, and counts it. */
export async function makeConversation(
  own: AccountChange,
  contact: string,
  fields: Omit<ConversationFields, "contact"> = {},
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
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${COLUMNS}`,
      values: [
        ...[account, sha256OfText(contact), contact, profileLocation, isHidden, movedTo],
        ...[messages, updatedMs, change, version],
      ],
    }),
  );
  own.count({ conversations: 1, bytes: bytesOfConversation({ contact, profileLocation }) });
  return knownConversation(rows[0] as ConversationColumns);
}

/** Gives it other fields, and counts what they take. Without a version it gets a higher one than it has. */
export async function setConversation(
  own: AccountChange,
  known: KnownConversation,
  fields: ConversationFields,
): Promise<void> {
  const { connection, tables, change } = own;
  const next = { ...known, version: Math.max(known.version + 1, change), ...fields };
  await fromDatabase(
    connection.query({
      name: "set-conversation",
      text: `
        update ${tables.conversation}
        set contact_hash = $2, contact = $3, profile_location = $4, is_hidden = $5, moved_to = $6,
            messages = $7, updated = $8, change = $9, version = $10
        where number = $1`,
      values: [
        ...[known.number, sha256OfText(next.contact), next.contact, next.profileLocation],
        ...[next.isHidden, next.movedTo, next.messages, next.updatedMs, change, next.version],
      ],
    }),
  );
  const more = utf8Length(next.contact) + utf8Length(next.profileLocation);
  own.count({ bytes: more - bytesOfConversation(known) });
}

function knownConversation(row: ConversationColumns): KnownConversation {
  return {
    number: Number(row.number),
    contact: row.contact,
    profileLocation: row.profile_location,
    isHidden: row.is_hidden,
    movedTo: row.moved_to,
    messages: row.messages,
    updatedMs: Number(row.updated),
    version: Number(row.version),
  };
}
