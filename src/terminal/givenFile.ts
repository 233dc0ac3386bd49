/** A file that a person gives, or standard input. */
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { isSignpostError, SignpostError } from "../errors.js";

const STANDARD_INPUT = "-";

/**
 * Of more bytes than `longest`, a few more only, for the reader to refuse.
 * Throws INVALID_REQUEST for a file that cannot be read.
 * @param what names the content in sentences: "profile"
 */
export async function givenFile(
  what: string,
  file: string,
  input: Readable,
  longest: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of file === STANDARD_INPUT ? input : createReadStream(file)) {
      parts.push(Buffer.from(part as Uint8Array | string));
      length += parts.at(-1)?.length ?? 0;
      if (length > longest) break;
    }
  } catch (error) {
    if (isSignpostError(error)) throw error;
    throw new SignpostError(
      "INVALID_REQUEST",
      `The ${what} cannot be read from ${file}. Check the path and its permissions.`,
    );
  }
  return Buffer.concat(parts);
}
