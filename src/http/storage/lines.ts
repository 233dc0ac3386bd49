/** Rows as lines of JSON: what `/changes` and `/export` send, and `/import` takes. */
import { z } from "zod";
import { toHex } from "../../abi/hex.js";
import { LONGEST_NAME } from "../../ens/dnsName.js";
import { SignpostError } from "../../errors.js";
import type { FeedPlace } from "../../storage/place.js";
import { cursorOfFeed } from "../../storage/place.js";
import type { StoredRow } from "../../storage/rows.js";
import { parseInput } from "../../wire/parseInput.js";
import {
  contact,
  container,
  createdMs,
  MOST_IN_BATCH,
  profileLocation,
  storedId,
  text,
} from "./storageInputs.js";

const VERSION = 1;

/** The first line: what the ids of the messages are made of, null before there are any. */
export function lineOfStart(idName: string | null): string {
  return line({ kind: "storage", version: VERSION, idName });
}

/** The last line; without it the answer is not whole. */
export function lineOfEnd(place: FeedPlace): string {
  return line({ kind: "end", cursor: cursorOfFeed(place) });
}

export function lineOfRow(row: StoredRow): string {
  if (row.kind === "conversation") {
    const { updatedMs: updatedAt, ...rest } = row;
    return line({ ...rest, updatedAt });
  }
  if (row.kind === "deletion") return line({ ...row, id: toHex(row.id) });
  const { createdMs: createdAt, id, ...rest } = row;
  return line({ ...rest, id: toHex(id), createdAt });
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

const version = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const conversationLine = z
  .strictObject({
    kind: z.literal("conversation"),
    ...{ contact, profileLocation, version },
    isHidden: z.boolean(),
    updatedAt: createdMs,
    movedTo: contact.nullable(),
  })
  .transform(({ updatedAt, ...rest }) => ({ ...rest, updatedMs: updatedAt }));

const messageLine = z
  .strictObject({
    kind: z.literal("message"),
    ...{ contact, container, version, id: storedId },
    isHalted: z.boolean(),
    createdAt: createdMs,
  })
  .transform(({ createdAt, ...rest }) => ({ ...rest, createdMs: createdAt }));

const deletionLine = z.strictObject({
  kind: z.literal("deletion"),
  of: z.enum(["conversation", "message"]),
  ...{ id: storedId, version },
  isFinal: z.boolean(),
});

const startLine = z.strictObject({
  kind: z.literal("storage"),
  version: z.literal(VERSION),
  idName: text(LONGEST_NAME).min(1).nullable(),
});
const endLine = z.strictObject({ kind: z.literal("end"), cursor: z.string() });

const anyLine = z.union([conversationLine, messageLine, deletionLine, startLine, endLine]);

export interface Lines {
  /** Of the first line, where it was there and says so. */
  readonly idName: string | null;
  readonly rows: readonly StoredRow[];
}

const LINE_FEED = 10;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];
/** What stands between values, once for each. A row has 15 of them outside of its texts. */
const MARKS = new Set(Buffer.from("{[:,"));
const MOST_MARKS = 20;

function hasManyMarks(line: Uint8Array): boolean {
  let left = MOST_MARKS;
  for (const mark of MARKS) {
    for (let at = line.indexOf(mark); at !== -1; at = line.indexOf(mark, at + 1)) {
      if (--left < 0) return true;
    }
  }
  return false;
}

/** Those in texts cost nothing. */
function hasManyValues(line: Uint8Array): boolean {
  let left = MOST_MARKS;
  let isText = false;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at] ?? 0;
    if (byte === QUOTE) isText = !isText;
    else if (isText && byte === BACKSLASH) at++;
    else if (!isText && MARKS.has(byte) && --left < 0) return true;
  }
  return false;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Before anything is parsed: what is parsed costs by its values. Throws TOO_LARGE, INVALID_REQUEST. */
function assertFewValues(body: Uint8Array): void {
  let lines = 0;
  for (let at = 0; at < body.length;) {
    if (++lines > MOST_IN_BATCH + 2) {
      throw new SignpostError(
        "TOO_LARGE",
        `That is more than ${MOST_IN_BATCH} rows at once; send fewer lines in each request.`,
      );
    }
    const found = body.indexOf(LINE_FEED, at);
    const end = found === -1 ? body.length : found;
    const line = body.subarray(at, end);
    if (hasManyMarks(line) && hasManyValues(line)) {
      throw new SignpostError("INVALID_REQUEST", `Line ${lines} has more values than a row has.`);
    }
    at = end + 1;
  }
}

/** Throws INVALID_REQUEST with the number of the line that is wrong, TOO_LARGE for more than may come at once. */
export function readLines(body: Uint8Array): Lines {
  assertFewValues(body);
  const texts = textOf(body)
    .split("\n")
    .filter((text) => text.trim() !== "");
  let idName: string | null = null;
  const rows: StoredRow[] = [];
  for (const [index, text] of texts.entries()) {
    const found = parseInput(anyLine, `Line ${index + 1}`, jsonOf(text));
    if (found.kind === "storage") idName = found.idName;
    else if (found.kind !== "end") rows.push(found);
  }
  return { idName, rows };
}

function textOf(body: Uint8Array): string {
  try {
    return UTF8.decode(body);
  } catch {
    throw new SignpostError("INVALID_REQUEST", "The body must be lines of JSON in UTF-8.");
  }
}

/** Undefined for what is no JSON, which is no line either. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
