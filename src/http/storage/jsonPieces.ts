/**
 * JSON put together of pieces. Long texts of base64 stand in JSON as they are, so they are copied once to where they are sent
 * from; `JSON.stringify` would look at each of their characters, and twice where JSON is inside of JSON.
 */
import type { Response } from "express";
import type { Pause } from "../../registry/changes/clock.js";
import { answerText, memoryFor } from "./answerMemory.js";

export interface Piece {
  readonly text: string;
  /** Of characters that are a byte each. */
  readonly isAscii: boolean;
}

const ascii = (text: string): Piece => ({ text, isAscii: true });
const any = (text: string): Piece => ({ text, isAscii: false });

/** What stands between the quotation marks of a JSON text. */
export function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** @param isPlain whether the text has the characters of base64 alone */
export function textPiece(text: string, isPlain: boolean): Piece {
  return isPlain ? ascii(text) : any(escaped(text));
}

/** The same inside of JSON that is inside of JSON. */
export function innerTextPiece(text: string, isPlain: boolean): Piece {
  return isPlain ? ascii(text) : any(escaped(escaped(text)));
}

export function jsonPiece(json: string): Piece {
  return any(json);
}

/**
 * Sends rows as a list of JSON values.
 * @param piecesOf what one of them is made of
 * @param pause awaited before each row, where one of them has to be looked at
 */
export async function sendRows<Row extends { readonly isPlain: boolean }>(
  response: Response,
  rows: readonly Row[],
  piecesOf: (row: Row) => readonly Piece[],
  pause: Pause,
): Promise<void> {
  if (rows.every(({ isPlain }) => isPlain)) {
    sendList(response, rows.map(piecesOf));
    return;
  }
  const text = answerText();
  text.add("[", true);
  for (const [index, row] of rows.entries()) {
    await pause();
    if (index > 0) text.add(",", true);
    for (const piece of piecesOf(row)) text.add(piece.text, piece.isAscii);
  }
  text.add("]", true);
  text.leaveTo(response);
  sendJson(response, text.bytes());
}

function sendList(response: Response, items: readonly (readonly Piece[])[]): void {
  const pieces = [ascii("[")];
  for (const [index, item] of items.entries()) {
    if (index > 0) pieces.push(ascii(","));
    pieces.push(...item);
  }
  pieces.push(ascii("]"));
  const lengths = pieces.map(({ text, isAscii }) =>
    isAscii ? text.length : Buffer.byteLength(text),
  );
  const body = memoryFor(
    response,
    lengths.reduce((sum, length) => sum + length, 0),
  );
  let at = 0;
  for (const { text, isAscii } of pieces) at += body.write(text, at, isAscii ? "latin1" : "utf8");
  sendJson(response, body);
}

export function sendJson(response: Response, body: Buffer): void {
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.setHeader("content-length", body.length);
  response.end(body);
}
