/** The body of a request as bytes, as far as it may go. */
import type { IncomingMessage } from "node:http";
import { SignpostError } from "../../errors.js";
import { announcedBytes, DROPPED_BYTES, tooLarge } from "./readJson.js";

/**
 * Only `application/octet-stream`, and nothing compressed. Throws TOO_LARGE, and INVALID_REQUEST for another content type
 * or a body that ends too early.
 */
export async function readBytes(request: IncomingMessage, mostBytes: number): Promise<Uint8Array> {
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = request.headers;
  if (!/^application\/octet-stream *(?:;|$)/i.test(type) || encoding !== "identity") {
    throw unreadableBytes();
  }
  if (announcedBytes(request, 0) > mostBytes) throw tooLarge();
  let length = 0;
  const chunks: Buffer[] = [];
  try {
    // a refusal needs the connection
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer;
      length += bytes.length;
      if (length > mostBytes) throw tooLarge();
      chunks.push(bytes);
    }
  } catch (error) {
    // what is left of a short body is dropped as it comes: a client that still sends does not hear the refusal
    if (announcedBytes(request, Infinity) <= DROPPED_BYTES) request.resume();
    // the client is gone
    if (request.destroyed && !request.complete) throw unreadableBytes();
    throw error;
  }
  return Buffer.concat(chunks, length);
}

function unreadableBytes(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "The body could not be read; send all of it as application/octet-stream, uncompressed.",
  );
}
