/** What clients send to the storage's routes, as the reference takes it. */
import type { Request } from "express";
import { z } from "zod";
import { digestFrom } from "../../abi/digest.js";
import { fromHex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import {
  type FeedPlace,
  feedPlaceOf,
  type HaltedPlace,
  haltedPlaceOf,
  type HistoryPlace,
  historyPlaceOf,
} from "../../storage/place.js";
import { arePlain, isPlain } from "../../storage/rows.js";
import type { Page } from "../../storage/store.js";
import { LongText } from "../body/longTexts.js";

/** An encrypted name of 255 characters has 700. */
const LONGEST_CONTACT = 4_096;
const LONGEST_LOCATION = 65_536;
const LONGEST_MESSAGE_ID = 1_024;
/** What a client calls one of its requests. */
const LONGEST_REQUEST = 128;
/** What a `Date` can be. */
const LATEST_MS = 8.64e15;
/** dm3's client sends all that it fetched from one person in one batch: a thousand at most. */
export const MOST_IN_BATCH = 2_000;

/** Ciphertext has none. In JSON inside of JSON each would be seven bytes, and Postgres keeps no zeros. */
const CONTROLS = /\p{Cc}/u;
const NO_CONTROLS = "must have no control characters";

export const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((given) => !CONTROLS.test(given), { message: NO_CONTROLS });

export const contact = text(LONGEST_CONTACT).min(1);
export const profileLocation = text(LONGEST_LOCATION);
export const createdMs = z.number().min(-LATEST_MS).max(LATEST_MS).transform(Math.trunc);
/** How long it may be, the account's bounds say. */
export const container = text(Infinity);

/** The same in a body of long texts, looked at once: all of them together may have megabytes. */
const sealed = z.unknown().transform((given, context) => {
  const seen = containerIn(given);
  if (seen !== null) return seen;
  context.addIssue({ code: "custom", message: "must be a text without control characters" });
  return z.NEVER;
});

interface GivenContainer {
  /** Bytes where they came so, in UTF-8. */
  readonly container: string | Buffer;
  readonly isPlain: boolean;
}

function containerIn(given: unknown): GivenContainer | null {
  if (given instanceof LongText) {
    if (arePlain(given.bytes)) return { container: given.bytes, isPlain: true };
    return containerIn(given.text());
  }
  if (typeof given !== "string") return null;
  if (isPlain(given)) return { container: given, isPlain: true };
  return CONTROLS.test(given) ? null : { container: given, isPlain: false };
}

/** In a body of long texts, of which a contact may be one. */
const contactInBody = z.preprocess(
  (given) => (given instanceof LongText ? given.text() : given),
  contact,
);

const message = {
  encryptedEnvelopContainer: sealed,
  messageId: text(LONGEST_MESSAGE_ID),
  createdAt: createdMs,
  isHalted: z.boolean(),
};

export type MessageInput = z.output<z.ZodObject<typeof message>>;

const batch = z.array(z.strictObject(message)).max(MOST_IN_BATCH);

export const addMessageInput = z.strictObject({
  ...message,
  encryptedContactName: contactInBody,
});
export const addBatchInput = z.strictObject({
  messageBatch: batch,
  encryptedContactName: contactInBody,
});
export const editBatchInput = z.strictObject({
  editMessageBatchPayload: batch,
  encryptedContactName: contactInBody,
});

export const addConversationInput = z.object({
  encryptedContactName: contact,
  encryptedProfileLocation: profileLocation.nullish(),
});
export const hideInput = z.object({ encryptedContactName: contact, hide: z.boolean() });
export const clearHaltedInput = z.object({
  messageId: z.string().min(1).max(LONGEST_MESSAGE_ID),
  aliasName: contact.nullish(),
});
export const deleteMessageInput = z.object({ messageId: text(LONGEST_MESSAGE_ID).min(1) });
export const deleteConversationInput = z.object({
  request: text(LONGEST_REQUEST).min(1).optional(),
});
export const retentionInput = z.strictObject({
  days: z.number().int().min(1).max(36_500).nullable(),
});

const ID = /^0x[0-9a-f]{64}$/;

export const storedId = z
  .string()
  .regex(ID, "must be a stored id: 0x and 64 hex digits")
  .transform((given) => digestFrom(fromHex(given)));

/** A stored id; null for what is none. */
export function storedIdIn(given: string) {
  return ID.test(given) ? digestFrom(fromHex(given)) : null;
}

/** Of one answer. */
export const MOST_ON_PAGE = 1_000;

/** As the reference reads them: page sizes and page numbers. Throws INVALID_REQUEST. */
export function pageIn({ query }: Request, usualSize: number): Page {
  const limit = numberIn(query["pageSize"]) || usualSize;
  const page = numberIn(query["offset"]) || 0;
  if (limit < 0 || page < 0 || limit > MOST_ON_PAGE) throw wrongPage();
  const skip = limit * page;
  if (!Number.isSafeInteger(skip)) throw wrongPage();
  return { limit, skip };
}

/** How many rows behind a cursor. Throws INVALID_REQUEST. */
export function limitIn({ query }: Request, usual: number): number {
  const limit = numberIn(query["pageSize"]) || usual;
  if (limit < 0 || limit > MOST_ON_PAGE) throw wrongPage();
  return limit;
}

/** Empty for the beginning; undefined where the client gave no such cursor. Throws INVALID_REQUEST. */
export function feedPlaceIn({ query }: Request): FeedPlace | "start" | undefined {
  return placeIn(query["after"], feedPlaceOf, "after");
}

/** Empty for the newest; undefined where the client gave no such cursor. Throws INVALID_REQUEST. */
export function historyPlaceIn({ query }: Request): HistoryPlace | "start" | undefined {
  return placeIn(query["before"], historyPlaceOf, "before");
}

/** Empty for the first; undefined where the client gave no such cursor. Throws INVALID_REQUEST. */
export function haltedPlaceIn({ query }: Request): HaltedPlace | "start" | undefined {
  return placeIn(query["after"], haltedPlaceOf, "after");
}

function placeIn<Place>(
  given: unknown,
  parse: (cursor: string) => Place | null,
  name: string,
): Place | "start" | undefined {
  if (given === undefined) return undefined;
  if (given === "") return "start";
  const place = typeof given === "string" ? parse(given) : null;
  if (place !== null) return place;
  throw new SignpostError(
    "INVALID_REQUEST",
    `${name} must be empty, or a cursor from an answer of this storage.`,
  );
}

/** NaN for what begins with no number. */
function numberIn(given: unknown): number {
  return Number.parseInt(String(given), 10);
}

function wrongPage(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `pageSize must be a number from 1 to ${MOST_ON_PAGE}, and offset the number of a page.`,
  );
}
