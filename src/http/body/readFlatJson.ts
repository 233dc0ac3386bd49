/**
 * The JSON body of a request that has few values, of which some are long texts, such as ciphertexts, which stay bytes. `JSON.parse`
 * is slow at many values, so the values are counted first: by the bytes that stand between them, wherever these are.
 */
import type { IncomingMessage } from "node:http";
import { isPlainUtf8 } from "./isPlainUtf8.js";
import { jsonStream } from "./jsonStream.js";
import { type CutJson, cutLongTexts, withLongTexts } from "./longTexts.js";
import { wholeBody } from "./readBytes.js";
import { type BodyBounds, parsed, writeInPieces } from "./readJson.js";
import { unreadableBody } from "./unreadableBody.js";

/** With so many values, what is parsed at once holds up the process by its length alone: a millisecond for a megabyte. */
const MOST_MARKS = 50_000;
const MARKS = [...Buffer.from("{[:,")];

/**
 * As `readJson`, which is what becomes of a body with more values; with a `LongText` for each long text without escapes.
 * @param memory for the body, if it fits; the long texts are in it
 */
export async function readFlatJson(
  request: IncomingMessage,
  { mostBytes, pause }: BodyBounds,
  memory?: Buffer,
): Promise<unknown> {
  if (!isPlainUtf8(request.headers)) throw unreadableBody();
  const body = await wholeBody(request, mostBytes, unreadableBody, memory);
  if (body.length === 0) return undefined;
  const cut = cutLongTexts(body, MOST_MARKS + 1);
  if (cut !== null && isFlat(cut.rest)) return together(cut);
  if (isFlat(body)) return parsed(body);
  const stream = jsonStream();
  await writeInPieces(stream, body, pause);
  return stream.end();
}

function together(cut: CutJson): unknown {
  try {
    return withLongTexts(cut);
  } catch {
    throw unreadableBody();
  }
}

function isFlat(body: Buffer): boolean {
  let left = MOST_MARKS;
  for (const mark of MARKS) {
    for (let at = body.indexOf(mark); at !== -1; at = body.indexOf(mark, at + 1)) {
      if (--left < 0) return false;
    }
  }
  return true;
}
