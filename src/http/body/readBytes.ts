/** The body of a request as bytes, as far as it may go. */
import type { IncomingMessage } from "node:http";
import { SignpostError } from "../../errors.js";
import { announcedBytes, DROPPED_BYTES, tooLarge } from "./readJson.js";

export type BytesType = "application/octet-stream" | "application/x-ndjson";

/**
 * Only of this type, and nothing compressed. Throws TOO_LARGE, and INVALID_REQUEST for another content type or a body that
 * ends too early.
 */
export async function readBytes(
  request: IncomingMessage,
  mostBytes: number,
  wanted: BytesType = "application/octet-stream",
): Promise<Uint8Array> {
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = request.headers;
  const [mediaType = ""] = type.split(";");
  if (mediaType.trim().toLowerCase() !== wanted || encoding !== "identity") {
    throw unreadableBytes(wanted);
  }
  return wholeBody(request, mostBytes, () => unreadableBytes(wanted));
}

/**
 * All of it, as it came. Throws TOO_LARGE.
 * @param unreadable thrown where it ends too early
 * @param memory for it, if it fits
 */
export async function wholeBody(
  request: IncomingMessage,
  mostBytes: number,
  unreadable: () => SignpostError,
  memory?: Buffer,
): Promise<Buffer> {
  if (announcedBytes(request, 0) > mostBytes) throw tooLarge();
  let length = 0;
  const chunks: Buffer[] = [];
  const fits = memory !== undefined && announcedBytes(request, Infinity) <= memory.length;
  try {
    // a refusal needs the connection
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer;
      length += bytes.length;
      if (length > mostBytes) throw tooLarge();
      if (fits) memory.set(bytes, length - bytes.length);
      else chunks.push(bytes);
    }
  } catch (error) {
    // what is left of a short body is dropped as it comes: a client that still sends does not hear the refusal
    if (announcedBytes(request, Infinity) <= DROPPED_BYTES) request.resume();
    // the client is gone
    if (request.destroyed && !request.complete) throw unreadable();
    throw error;
  }
  return fits ? memory.subarray(0, length) : Buffer.concat(chunks, length);
}

function unreadableBytes(wanted: BytesType): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The body could not be read; send all of it as ${wanted}, uncompressed.`,
  );
}
