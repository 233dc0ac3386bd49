/** JSON documents from strangers: bounded, UTF-8, parsed once. */
import { decodeUtf8 } from "../../abi/utf8.js";
import { SignpostError } from "../../errors.js";

/**
 * No profile document is longer, in any encoding: 16 names of 255 bytes, percent-encoded, stay below half of
 * it. Whoever fetches a linked profile stops reading there.
 */
export const MAX_PROFILE_BYTES = 32_768;

/**
 * @param document UTF-8
 * @throws INVALID_PROFILE when it is too long, not UTF-8 or not JSON
 */
export function parseBoundedJson(document: Uint8Array): unknown {
  assertBounded(document.length);
  let text: string;
  try {
    text = decodeUtf8(document).replace(/^\ufeff/, "");
  } catch (cause) {
    throw malformed("The profile is not UTF-8 text. Publish it as JSON in UTF-8.", cause);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw malformed("The profile is not JSON. Publish a JSON object.", cause);
  }
}

/** @throws INVALID_PROFILE when a document of this length (bytes or characters) is more than a profile needs */
export function assertBounded(length: number): void {
  if (length > MAX_PROFILE_BYTES) {
    throw malformed(
      `The profile is longer than ${MAX_PROFILE_BYTES} bytes. Publish the profile alone, with fewer relay nodes.`,
    );
  }
}

function malformed(sentence: string, cause?: unknown): SignpostError {
  return new SignpostError("INVALID_PROFILE", sentence, {}, { cause });
}
