/** Long answers: so many bytes are in memory at once as the door lets through. */
import type { Request, Response } from "express";
import { SignpostError } from "../../errors.js";
import type { Pause } from "../../registry/changes/clock.js";
import type { StorageBounds } from "../../storage/bounds.js";
import { MOST_ESCAPED_INSIDE } from "../../storage/jsonBytes.js";
import type { ListedMessage } from "../../storage/store.js";
import type { Door } from "../accounts/door.js";
import { type AnswerText, answerText } from "./answerMemory.js";
import { type Piece, sendJson, sendRows } from "./jsonPieces.js";

/** Where a client goes on; opaque. */
const CURSOR_HEADER = "signpost-cursor";
const EXPOSED = "access-control-expose-headers";

/** How often bytes of JSON are in memory on their way from the database: as rows, and as they are sent. */
const COPIES = 2;
/** Nearly all pages have less. */
const USUAL_BYTES = 4 * 1024 * 1024;
/** Of one answer by page numbers, which cannot be cut. It holds a page of dm3's client, however long its messages are. */
const MOST_BYTES = 32 * 1024 * 1024;
const PAGE_OF_CLIENT = 100;

export interface PageParts {
  readonly door: Door;
  readonly bounds: StorageBounds;
  /** Awaited between rows that take long. */
  readonly pause: Pause;
}

type PieceRow = Pick<ListedMessage, "isPlain">;

export interface PageReader<Row extends PieceRow> {
  /** The rows; none where they would be more than so many bytes in JSON. */
  readonly read: (mostBytes: number) => Promise<readonly Row[]>;
  /** How many bytes there are in JSON, or more; 0 for none. */
  readonly size: () => Promise<number>;
  readonly piecesOf: (row: Row) => readonly Piece[];
}

/** Sends a page as JSON. Throws TOO_LARGE for one that is too long in all, LIMIT_EXCEEDED. */
export async function sendPage<Row extends PieceRow>(
  { door, bounds, pause }: PageParts,
  request: Request,
  response: Response,
  { read, size, piecesOf }: PageReader<Row>,
): Promise<void> {
  const most = Math.max(MOST_BYTES, PAGE_OF_CLIENT * (bounds.mostMessageBytes + 1_000));
  const sendWithin = async (mostBytes: number) => {
    const send = async () => {
      const rows = await read(mostBytes);
      if (rows.length === 0 && (await size()) > 0) return false;
      response.setHeader("cache-control", "no-store");
      await sendRows(response, rows, piecesOf, pause);
      return true;
    };
    await door.withPage(request, response, send, mostBytes * COPIES);
    return response.headersSent;
  };
  if (await sendWithin(USUAL_BYTES)) return;
  const bytes = await size();
  // a little more, in case some came meanwhile
  const isSent = bytes <= most && (await sendWithin(Math.min(most, bytes + USUAL_BYTES)));
  if (!isSent) throw tooLong(most);
}

/**
 * A page of usual size that is put together already.
 * @param read adds all between the brackets; false where there is none like that
 * @returns false where nothing was sent
 */
export async function sendJoinedPage(
  { door }: PageParts,
  request: Request,
  response: Response,
  read: (text: AnswerText, mostBytes: number) => Promise<boolean>,
): Promise<boolean> {
  const send = async () => {
    const text = answerText();
    text.add("[", true);
    if (!(await read(text, USUAL_BYTES))) {
      text.giveBack();
      return false;
    }
    text.add("]", true);
    text.leaveTo(response);
    response.setHeader("cache-control", "no-store");
    sendJson(response, text.bytes());
    return true;
  };
  await door.withPage(request, response, send, USUAL_BYTES * COPIES);
  return response.headersSent;
}

/** Of what the store itself cuts to less than is usual. */
export async function sendCut<Row extends PieceRow>(
  { door, bounds, pause }: PageParts,
  request: Request,
  response: Response,
  {
    read,
    piecesOf,
  }: Omit<PageReader<Row>, "size" | "read"> & {
    readonly read: () => Promise<readonly Row[]>;
  },
): Promise<void> {
  const send = async () => {
    const rows = await read();
    response.setHeader("cache-control", "no-store");
    await sendRows(response, rows, piecesOf, pause);
  };
  const longestRow = MOST_ESCAPED_INSIDE * bounds.mostMessageBytes;
  await door.withPage(request, response, send, (USUAL_BYTES + longestRow) * COPIES);
}

export function setCursor(response: Response, cursor: string): void {
  response.setHeader(CURSOR_HEADER, cursor);
  const exposed = response.getHeader(EXPOSED);
  response.setHeader(
    EXPOSED,
    exposed === undefined ? CURSOR_HEADER : `${String(exposed)}, ${CURSOR_HEADER}`,
  );
}

function tooLong(most: number): SignpostError {
  return new SignpostError(
    "TOO_LARGE",
    `This page would have more than ${most} bytes. Ask with a smaller pageSize, or by cursor (?before=).`,
  );
}
