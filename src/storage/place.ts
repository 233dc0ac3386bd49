/**
 * Where a client stands in what an account has. Opaque for clients. Everything that an account changes gets a number under the
 * lock of its row, so that nothing becomes visible behind a higher one (docs/decisions/0020-numbers-under-the-lock-of-an-account.md).
 */
import { decodeBase64, encodeBase64 } from "../dm3/base64.js";
import { isSignpostError } from "../errors.js";

/**
 * Behind all rows that come before it: by their numbers of change, then conversations before messages before deletions, then by
 * their own.
 */
export interface FeedPlace {
  readonly change: number;
  readonly kind: RowKind;
  readonly number: number;
  /** The account's last number of change when the reading began: what was deleted before that, it never met. */
  readonly since: number;
}

export type RowKind = "conversation" | "message" | "deletion";

export const FEED_START: FeedPlace = { change: 0, kind: "conversation", number: 0, since: 0 };

/** Before all messages of a conversation that are newer, by their senders' times, then by their numbers. */
export interface HistoryPlace {
  readonly createdMs: number;
  readonly number: number;
}

/** Behind all halted messages with a lower number: in the order in which they came here. */
export interface HaltedPlace {
  readonly number: number;
}

const FEED_FORM = /^f2:([0-9]{1,16}):([cmd]):([0-9]{1,16}):([0-9]{1,16})$/;
/** Of a version that knew of no deletions, and did not say when the reading began. */
const EARLIER_FORM = /^f1:([0-9]{1,16}):([cm]):([0-9]{1,16})$/;
const KINDS = { c: "conversation", m: "message", d: "deletion" } as const;
const HISTORY_FORM = /^h1:(-?[0-9]{1,16}):([0-9]{1,16})$/;
const HALTED_FORM = /^w1:([0-9]{1,16})$/;
const LONGEST = 96;

export function cursorOfFeed({ change, kind, number, since }: FeedPlace): string {
  return cursorOf(`f2:${change}:${kind.charAt(0)}:${number}:${since}`);
}

/** Null for what is no cursor of ours. */
export function feedPlaceOf(cursor: string): FeedPlace | null {
  const text = textOf(cursor);
  const [, change, kind, number, since = 0] = FEED_FORM.exec(text) ?? EARLIER_FORM.exec(text) ?? [];
  if (change === undefined || number === undefined) return null;
  return {
    change: Number(change),
    kind: KINDS[kind as keyof typeof KINDS],
    number: Number(number),
    since: Number(since),
  };
}

export function cursorOfHistory({ createdMs, number }: HistoryPlace): string {
  return cursorOf(`h1:${createdMs}:${number}`);
}

/** Null for what is no cursor of ours. */
export function historyPlaceOf(cursor: string): HistoryPlace | null {
  const [, createdMs, number] = HISTORY_FORM.exec(textOf(cursor)) ?? [];
  if (createdMs === undefined || number === undefined) return null;
  return { createdMs: Number(createdMs), number: Number(number) };
}

export function cursorOfHalted({ number }: HaltedPlace): string {
  return cursorOf(`w1:${number}`);
}

/** Null for what is no cursor of ours. */
export function haltedPlaceOf(cursor: string): HaltedPlace | null {
  const [, number] = HALTED_FORM.exec(textOf(cursor)) ?? [];
  return number === undefined ? null : { number: Number(number) };
}

function cursorOf(text: string): string {
  return encodeBase64(new TextEncoder().encode(text));
}

/** Empty for what is no base64. */
function textOf(cursor: string): string {
  if (cursor.length > LONGEST) return "";
  try {
    return new TextDecoder().decode(decodeBase64(cursor));
  } catch (error) {
    if (isSignpostError(error, "INVALID_REQUEST")) return "";
    throw error;
  }
}
