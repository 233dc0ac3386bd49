/**
 * How long texts are in answers, at most. It is counted before they are read: a text of quotation marks is twice as long in JSON,
 * and four times where that JSON stands in JSON.
 */
import { isPlain, utf8Length } from "./rows.js";

/** How many bytes one byte becomes in JSON, at most: no text has control characters. */
export const MOST_ESCAPED = 2;
/** The same in JSON that stands in JSON. */
export const MOST_ESCAPED_INSIDE = 4;

/** What a message has beside its container and its contact, as the reference lists it: with a name of usual length 350. */
const ROW_BYTES = 600;

/** Bytes of a message in a page of messages of this contact, without its container. */
export function rowBytes(contact: string): number {
  return ROW_BYTES + (isPlain(contact) ? 1 : MOST_ESCAPED_INSIDE) * utf8Length(contact);
}
