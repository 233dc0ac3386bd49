/** JSON in a data URI (RFC 2397), in every form found in the field. */
import { SignpostError } from "../../errors.js";
import { decodeForgivingBase64 } from "../base64.js";
import { parseBoundedJson } from "./boundedJson.js";

const DATA_URI = /^data:([^,]*),(.*)$/is;

/**
 * Reads the JSON of a data URI: as it is (line ends included), in base64, or percent-encoded.
 * @throws INVALID_PROFILE with the reason
 */
export function parseJsonDataUri(uri: string): unknown {
  const [, header, data] = DATA_URI.exec(uri) ?? [];
  if (header === undefined || data === undefined) {
    throw malformed('A data URI needs a comma before its content: "data:application/json,{...}".');
  }
  const [mediaType, ...parameters] = header.split(";").map((part) => part.trim().toLowerCase());
  if (mediaType !== "application/json") {
    throw malformed('The data URI does not hold JSON. Begin it with "data:application/json".');
  }
  assertUtf8(parameters);
  return parameters.at(-1) === "base64" ? parseBase64Json(data) : parsePlainJson(data);
}

function assertUtf8(parameters: readonly string[]): void {
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  if (charset === undefined) return;
  // JSON between systems is UTF-8 (RFC 8259, section 8.1); US-ASCII is a part of it.
  if (!/^charset="?(utf-?8|us-ascii|ascii)"?$/.test(charset)) {
    throw malformed(
      "The data URI names a character set other than UTF-8. Encode the JSON in UTF-8.",
    );
  }
}

function parseBase64Json(data: string): unknown {
  let bytes: Uint8Array;
  try {
    bytes = decodeForgivingBase64(data.includes("%") ? decodeURIComponent(data) : data);
  } catch (cause) {
    throw malformed("The data URI says base64, but its content is not. Encode it again.", cause);
  }
  return parseBoundedJson(bytes);
}

/**
 * Content that is JSON already is taken as it is, even where it contains "%": dm3 emits it without percent
 * encoding, and decoding would change the URLs in it.
 */
function parsePlainJson(data: string): unknown {
  const encoder = new TextEncoder();
  try {
    return parseBoundedJson(encoder.encode(data));
  } catch {
    // Then it is percent-encoded, or not JSON at all.
  }
  let decoded: string;
  try {
    decoded = decodeURIComponent(data);
  } catch (cause) {
    throw malformed("The data URI holds neither JSON nor percent-encoded UTF-8.", cause);
  }
  return parseBoundedJson(encoder.encode(decoded));
}

function malformed(sentence: string, cause?: unknown): SignpostError {
  return new SignpostError("INVALID_PROFILE", sentence, {}, { cause });
}
