/**
 * What changed in an account, all of it, and the same taken in from another storage: as lines of JSON, each row as it is encrypted.
 * So a user moves, or keeps a second copy, with any program that reads there and writes here.
 */
import type { Response } from "express";
import { assertShortEnough } from "../../storage/bounds.js";
import { cursorOfFeed, FEED_START } from "../../storage/place.js";
import { type StoredRow, utf8Length } from "../../storage/rows.js";
import type { FeedStore } from "../../storage/store.js";
import { drained } from "./drained.js";
import { lineOfEnd, lineOfRow, lineOfStart, readLines } from "./lines.js";
import { BATCH_BYTES } from "./messageRoutes.js";
import type { OwnerRoutes } from "./ownerRoutes.js";
import { type PageParts, setCursor } from "./sendPage.js";
import { feedPlaceIn, limitIn } from "./storageInputs.js";

export interface FeedRouteParts extends PageParts {
  readonly feed: FeedStore;
  readonly onWritten: (written: { readonly messages: number }) => void;
}

const USUAL_PIECE = 500;
/** A piece, in each form that it has on its way. */
const PIECE_BYTES = 16 * 1024 * 1024;

export function addFeedRoutes(
  { read, write, countRows }: OwnerRoutes,
  parts: FeedRouteParts,
): void {
  const { feed, door, bounds, onWritten } = parts;

  read("/changes", async ({ account }, request, response) => {
    const given = feedPlaceIn(request) ?? "start";
    const limit = limitIn(request, USUAL_PIECE);
    const send = async () => {
      const start = given === "start" ? FEED_START : given;
      const { rows, place } = await feed.changes(account.number, start, limit);
      beginLines(response);
      setCursor(response, cursorOfFeed(place));
      const lines = [lineOfStart(account.idName), ...rows.map(lineOfRow), lineOfEnd(place)];
      response.end(lines.join(""));
    };
    await door.withPage(request, response, send, PIECE_BYTES);
  });

  /** A row that changes while it is sent comes again, behind the others. */
  read("/export", async ({ account }, request, response) => {
    const send = async () => {
      let piece = await feed.changes(account.number, FEED_START, USUAL_PIECE);
      beginLines(response);
      response.setHeader("content-disposition", 'attachment; filename="storage.ndjson"');
      response.write(lineOfStart(account.idName));
      while (piece.rows.length > 0) {
        if (response.destroyed) return;
        response.write(piece.rows.map(lineOfRow).join(""));
        await drained(response);
        piece = await feed.changes(account.number, piece.place, USUAL_PIECE);
      }
      response.end(lineOfEnd(piece.place));
    };
    await door.withPage(request, response, send, PIECE_BYTES);
  });

  write(
    "post",
    "/import",
    async (session, request, response) => {
      const { idName, rows } = readLines(request.body as Uint8Array);
      for (const row of rows) assertShort(row);
      const { taken, moved } = await feed.take(session.account.number, rows, idName);
      countRows(session, taken + moved);
      onWritten({ messages: taken + moved });
      response.json({ taken, known: rows.length - taken });
    },
    { mostBytes: BATCH_BYTES, body: "lines" },
  );

  function assertShort(row: StoredRow): void {
    if (row.kind === "message") assertShortEnough(bounds, utf8Length(row.container));
  }
}

function beginLines(response: Response): void {
  response.setHeader("content-type", "application/x-ndjson; charset=utf-8");
  response.setHeader("cache-control", "no-store");
}
