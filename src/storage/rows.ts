/** What an account keeps, in the form in which it is exported, followed and taken in. Everything in it is the client's ciphertext. */
import type { Digest } from "../abi/digest.js";

export interface ConversationRow {
  readonly kind: "conversation";
  /** Who it is with, as the client encrypted it: for one client always the same text. */
  readonly contact: string;
  /** Empty where the client gave none. */
  readonly profileLocation: string;
  readonly isHidden: boolean;
  /** When it was made, or last got a message; Unix milliseconds. */
  readonly updatedMs: number;
  /** The contact under which its messages are now, where it went into another one; otherwise null. */
  readonly movedTo: string | null;
  /** The later one wins where two storages have another state of it. */
  readonly version: number;
}

export interface MessageRow {
  readonly kind: "message";
  readonly contact: string;
  readonly id: Digest;
  /** As the client said it; Unix milliseconds. */
  readonly createdMs: number;
  readonly isHalted: boolean;
  readonly container: string;
  readonly version: number;
}

/** What its user deleted, or wanted to end. Nothing of the text is left. */
export interface DeletionRow {
  readonly kind: "deletion";
  readonly of: "conversation" | "message";
  /** A message's id, or the SHA-256 of a conversation's contact. */
  readonly id: Digest;
  /** Whether no version of it, however late, brings it back. */
  readonly isFinal: boolean;
  /** What has it with this version, or an earlier one, deletes it. */
  readonly version: number;
}

export type StoredRow = ConversationRow | MessageRow | DeletionRow;

/** Of the text in UTF-8: the form in which it is kept and sent. */
export function bytesOfConversation(
  row: Pick<ConversationRow, "contact" | "profileLocation">,
): number {
  return utf8Length(row.contact) + utf8Length(row.profileLocation);
}

const encoder = new TextEncoder();

export function utf8Length(text: string): number {
  return /^[\0-\x7f]*$/.test(text) ? text.length : encoder.encode(text).length;
}

/** Whether bytes are characters of base64 alone. */
export function arePlain(bytes: Uint8Array): boolean {
  const { length } = bytes;
  let at = 0;
  // four at once take half the time
  for (; at + 4 <= length; at += 4) {
    const all =
      inBase64(bytes[at]) &
      inBase64(bytes[at + 1]) &
      inBase64(bytes[at + 2]) &
      inBase64(bytes[at + 3]);
    if (all === 0) return false;
  }
  for (; at < length; at++) if (inBase64(bytes[at]) === 0) return false;
  return true;
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
const IN_BASE64 = new Uint8Array(256);
for (const character of BASE64) IN_BASE64[character.charCodeAt(0)] = 1;

const inBase64 = (byte = 0): number => IN_BASE64[byte] ?? 0;

/** Whether it has the characters of base64 alone: each is a byte, and stands in JSON as it is. Nearly every container is so. */
export function isPlain(text: string): boolean {
  return /^[A-Za-z0-9+/=]*$/.test(text);
}
