/** What an attachment is: content of its own (a data URI, RFC 2397), a reference to a blob, or a link. */
import { SignpostError } from "../../errors.js";
import { decodeBase64, decodeForgivingBase64 } from "../base64.js";
import { isMediaType } from "../blob/blobReference.js";

export interface Content {
  /** As the sender says it; whoever shows it to a browser decides which types are harmless. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

const DATA_URI = /^data:([^,]{0,300}?)(;base64)?,/i;
/** RFC 2397, section 2. */
const USUAL_TYPE = "text/plain;charset=US-ASCII";

export function isDataUri(data: string): boolean {
  return /^data:/i.test(data);
}

/** Throws INVALID_REQUEST for what is no data URI, or is not in base64 or UTF-8. */
export function contentOfDataUri(data: string): Content {
  const [start, type = "", base64] = DATA_URI.exec(data) ?? [];
  if (start === undefined) throw unreadable("has no comma before its content");
  const mediaType = type === "" ? USUAL_TYPE : type;
  if (!isMediaType(mediaType)) throw unreadable("names no media type");
  const text = data.slice(start.length);
  return { mediaType, bytes: base64 === undefined ? percentDecoded(text) : base64Decoded(text) };
}

function base64Decoded(text: string): Uint8Array {
  try {
    return decodeBase64(text);
  } catch {
    // then in the form that browsers read
  }
  try {
    return decodeForgivingBase64(text.includes("%") ? decodeURIComponent(text) : text);
  } catch {
    throw unreadable("says base64 and is none");
  }
}

function percentDecoded(text: string): Uint8Array {
  try {
    return new TextEncoder().encode(decodeURIComponent(text));
  } catch {
    throw unreadable("is no percent-encoded UTF-8; write other content in base64");
  }
}

function unreadable(what: string): SignpostError {
  const sentence = `The attachment's data URI ${what}. Give data:<media type>;base64,<content>.`;
  return new SignpostError("INVALID_REQUEST", sentence, { field: "attachments" });
}
