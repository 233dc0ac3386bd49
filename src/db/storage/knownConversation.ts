/** A conversation as it was read, and what of its row is read. */
import { sha256OfText } from "../../abi/sha256.js";
import { textOfKey } from "../batchedLookup.js";

/** Without its profile location, which may be long: many of them are in memory at once. */
export interface KnownConversation {
  readonly number: number;
  readonly contact: string;
  readonly locationBytes: number;
  readonly isHidden: boolean;
  readonly movedTo: string | null;
  readonly messages: number;
  readonly updatedMs: number;
  readonly version: number;
}

/** Columns as they are read here. */
export interface ConversationColumns {
  readonly number: string;
  readonly contact: string;
  readonly location_bytes: number;
  readonly is_hidden: boolean;
  readonly moved_to: string | null;
  readonly messages: number;
  readonly updated: string;
  readonly version: string;
}

export const CONVERSATION_COLUMNS =
  "number, contact, octet_length(profile_location) as location_bytes, is_hidden, moved_to, messages, updated, version";

/** By which `readAhead` has a conversation. */
export const keyOfContact = (contact: string): string => textOfKey(sha256OfText(contact));

export function knownConversation(row: ConversationColumns): KnownConversation {
  return {
    number: Number(row.number),
    contact: row.contact,
    locationBytes: row.location_bytes,
    isHidden: row.is_hidden,
    movedTo: row.moved_to,
    messages: row.messages,
    updatedMs: Number(row.updated),
    version: Number(row.version),
  };
}
