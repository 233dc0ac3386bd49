/** The body of a POST (ERC-3668): a JSON object whose `data` is the call data. */
import type { IncomingMessage } from "node:http";
import { SignpostError } from "../../errors.js";
import { isPlainUtf8 } from "../body/isPlainUtf8.js";

/**
 * A multicall of 255 items of the shortest kind, addr(node), takes all of it in hex, one of 148 coins 48 KiB.
 */
const LONGEST_BODY = 64 * 1024;

/**
 * The `data` of the body, whatever it is. Throws TOO_LARGE, and INVALID_REQUEST for what is not JSON in UTF-8.
 * Clients are not careful with content types, so any is accepted.
 */
export async function dataOfBody(request: IncomingMessage): Promise<unknown> {
  if (!isPlainUtf8(request.headers)) throw unreadable();
  const body = parseJson(await read(request));
  return typeof body === "object" && body !== null && "data" in body ? body.data : undefined;
}

function read(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LONGEST_BODY) chunks.push(chunk);
      else reject(tooLarge());
    });
    request.on("end", () => {
      resolve(Buffer.concat(chunks, length));
    });
    request.on("close", () => {
      // the client is gone, but the promise has to settle
      if (!request.complete) reject(unreadable());
    });
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body)) as unknown;
  } catch {
    throw unreadable();
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function unreadable(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    'The body could not be read; send JSON in UTF-8, uncompressed: {"data": "0x..."} (ERC-3668).',
  );
}

function tooLarge(): SignpostError {
  return new SignpostError(
    "TOO_LARGE",
    `The request body is too large; send less at once (${LONGEST_BODY} bytes at most).`,
  );
}
