/** Long answers: what they will have is known before it is read, and so many bytes are in memory at once as the door lets through. */
import type { Request, Response } from "express";
import { SignpostError } from "../../errors.js";
import type { StorageBounds } from "../../storage/bounds.js";
import type { Door } from "../accounts/door.js";

/** Where a client goes on; opaque. */
const CURSOR_HEADER = "signpost-cursor";

/** How often the bytes are in memory on their way from the database: as rows, as JSON, and as they are sent. */
const COPIES = 3;
const LEAST_BYTES = 16 * 1024;
/** Of one answer by page numbers, which cannot be cut. It holds a page of dm3's client, however long its messages are. */
const MOST_BYTES = 32 * 1024 * 1024;
const PAGE_OF_CLIENT = 100;
/** Of an answer that the store itself cuts, with its longest row. */
export const CUT_BYTES = 5 * 1024 * 1024;

export interface PageParts {
  readonly door: Door;
  readonly bounds: StorageBounds;
}

/** Sends what `read` gives as JSON. Throws TOO_LARGE for a page that is too long in all, LIMIT_EXCEEDED. */
export async function sendPage(
  { door, bounds }: PageParts,
  request: Request,
  response: Response,
  bytes: number,
  read: () => Promise<unknown>,
): Promise<void> {
  const most = Math.max(MOST_BYTES, PAGE_OF_CLIENT * (bounds.mostMessageBytes + 1_000));
  if (bytes > most) throw tooLong(most);
  const send = async () => {
    response.setHeader("cache-control", "no-store");
    response.json(await read());
  };
  await door.withPage(request, response, send, (bytes + LEAST_BYTES) * COPIES);
}

export function setCursor(response: Response, cursor: string): void {
  response.setHeader(CURSOR_HEADER, cursor);
  response.setHeader("access-control-expose-headers", CURSOR_HEADER);
}

function tooLong(most: number): SignpostError {
  return new SignpostError(
    "TOO_LARGE",
    `This page would have more than ${most} bytes. Ask with a smaller pageSize, or by cursor (?before=).`,
  );
}
