/** JSON that a person gives, as a file or on standard input. */
import { decodeUtf8 } from "../abi/utf8.js";
import { SignpostError } from "../errors.js";
import { givenFile } from "./givenFile.js";

/** In bytes; the largest statement has less. */
const LONGEST = 65_536;

/**
 * @param what names the content in sentences: "network record"
 * @throws INVALID_REQUEST for a file that cannot be read, is too long, or is not JSON
 */
export async function givenJson(what: string, file: string): Promise<unknown> {
  const bytes = await givenFile(what, file, process.stdin, LONGEST);
  try {
    if (bytes.length <= LONGEST) return JSON.parse(decodeUtf8(bytes)) as unknown;
  } catch {
    // told below
  }
  throw new SignpostError(
    "INVALID_REQUEST",
    `The ${what} in ${file} is not JSON of at most ${LONGEST} bytes.`,
  );
}
