/**
 * A place in a feed as a text, opaque for those who get it: 32 digits of the feed, the number, and while a follower still reads
 * the names that are there, the last of them in base64url.
 */
import { decodeBase64, encodeBase64 } from "../../dm3/base64.js";
import type { FeedPlace } from "./changeFeed.js";

const FEED = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;
const FORM = /^([0-9a-f]{32})-(0|[1-9][0-9]{0,18})(?:-([A-Za-z0-9_-]*))?$/;
const LARGEST = 2n ** 63n - 1n;

/** That of the longest name has 1,417 characters. */
export const LONGEST_CURSOR = 1_500;

export function cursorOfPlace({ feed, number, name }: FeedPlace): string {
  const cursor = `${feed.replaceAll("-", "")}-${number}`;
  return name === null ? cursor : `${cursor}-${encodeText(name)}`;
}

/** Null for what is no cursor of ours. */
export function placeOfCursor(cursor: string): FeedPlace | null {
  const [, feed = "", digits, encoded] = FORM.exec(cursor) ?? [];
  const [, ...parts] = FEED.exec(feed) ?? [];
  if (cursor.length > LONGEST_CURSOR || digits === undefined || parts.length === 0) return null;
  const number = BigInt(digits);
  const name = encoded === undefined ? null : decodeText(encoded);
  return number > LARGEST || name === undefined ? null : { feed: parts.join("-"), number, name };
}

/** In base64url (RFC 4648, section 5), without padding. */
function encodeText(text: string): string {
  const base64 = encodeBase64(new TextEncoder().encode(text));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Undefined for what is not the one form of a text, or holds what no database does. */
function decodeText(encoded: string): string | undefined {
  const base64 = encoded.replaceAll("-", "+").replaceAll("_", "/");
  try {
    const bytes = decodeBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, "="));
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
