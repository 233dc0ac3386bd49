/** The JSON body of a request, as far as it may go. What a body costs is known before it is read. */
import type { IncomingMessage } from "node:http";
import { SignpostError } from "../../errors.js";
import type { Pause } from "../../registry/changes/clock.js";
import { isPlainUtf8 } from "./isPlainUtf8.js";
import { type JsonStream, jsonStream } from "./jsonStream.js";
import { unreadableBody } from "./unreadableBody.js";

/** Longer ones are read while they come. `JSON.parse` takes 4 ms at the worst for so many bytes. */
const READ_AT_ONCE_BYTES = 64 * 1024;

/** What is left of longer ones stays where it is (`leaveUnread`): they do not fit into the buffers on the way. */
export const DROPPED_BYTES = 4 * 1024 * 1024;

/** What the process works on before others have their turn: 1 ms, 4 at the worst. */
const PIECE_BYTES = 16 * 1024;

export interface BodyBounds {
  readonly mostBytes: number;
  /** Awaited between the pieces of a long body. */
  readonly pause: Pause;
}

/** How long the body is, or may become where it does not say so. */
export function announcedBytes({ headers }: IncomingMessage, mostBytes: number): number {
  if (headers["transfer-encoding"] !== undefined) return mostBytes;
  return Number(headers["content-length"] ?? 0);
}

/**
 * Any content type is taken for JSON; none is inflated, because a kilobyte can become a megabyte. Undefined where there
 * is no body. Throws TOO_LARGE, and INVALID_REQUEST for what is not JSON in UTF-8 or ends too early.
 */
export async function readJson(
  request: IncomingMessage,
  { mostBytes, pause }: BodyBounds,
): Promise<unknown> {
  if (!isPlainUtf8(request.headers)) throw unreadableBody();
  if (announcedBytes(request, 0) > mostBytes) throw tooLarge();
  if (announcedBytes(request, Infinity) <= READ_AT_ONCE_BYTES) {
    const bytes = await shortBody(request);
    return bytes.length === 0 ? undefined : parsed(bytes);
  }
  let length = 0;
  const start: Buffer[] = [];
  let stream: JsonStream | null = null;
  try {
    // a refusal needs the connection
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer;
      length += bytes.length;
      if (length > mostBytes) throw tooLarge();
      if (stream === null && length <= READ_AT_ONCE_BYTES) {
        start.push(bytes);
        continue;
      }
      if (stream === null) {
        stream = jsonStream();
        for (const earlier of start) await writeInPieces(stream, earlier, pause);
      }
      await writeInPieces(stream, bytes, pause);
    }
  } catch (error) {
    // what is left of a short body is dropped as it comes: a client that still sends does not hear the refusal
    if (announcedBytes(request, Infinity) <= DROPPED_BYTES) request.resume();
    // the client is gone
    if (request.destroyed && !request.complete) throw unreadableBody();
    throw error;
  }
  if (stream !== null) return stream.end();
  return length === 0 ? undefined : parsed(Buffer.concat(start, length));
}

/** Of a request that says how long it is, so that no more comes; an iterator would take longer than all of this. */
function shortBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => {
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    // the client is gone
    const broken = () => {
      reject(unreadableBody());
    };
    request.once("error", broken);
    request.once("close", broken);
  });
}

/** Lets others have their turn between the pieces. */
export async function writeInPieces(
  stream: JsonStream,
  bytes: Buffer,
  pause: Pause,
): Promise<void> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    await pause();
    stream.write(bytes.subarray(at, at + PIECE_BYTES));
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** At once. Throws INVALID_REQUEST. */
export function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(UTF8.decode(bytes));
  } catch {
    throw unreadableBody();
  }
}

export function tooLarge(): SignpostError {
  return new SignpostError("TOO_LARGE", "The request body is too large; send less at once.");
}
