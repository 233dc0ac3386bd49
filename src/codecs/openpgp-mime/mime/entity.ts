/** MIME entities as they are written (RFC 2045, RFC 2046). They are encrypted as a whole, so 8-bit text may stand in them. */
import { toHex } from "../../../abi/hex.js";
import { sha256OfText } from "../../../abi/sha256.js";
import { encodeBase64 } from "../../../dm3/base64.js";
import { ascii, joined } from "./bytes.js";
import { type HeaderField, headerLine, parameter } from "./headerField.js";

/** RFC 5322, section 2.1.1, in octets without the line end. */
const LONGEST_LINE = 998;
const BASE64_LINE = 76;
const MEDIA_TYPE = /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*$/i;

export interface Part {
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
}

export function entityBytes({ headers, body }: Part): Uint8Array {
  return joined([...headers.map(headerLine), "\r\n", body]);
}

/** With further fields in front, which are those of a mail where it is the outermost. */
export function withFields(fields: readonly HeaderField[], part: Part): Part {
  return { headers: [...fields, ...part.headers], body: part.body };
}

/** @param text with CRLF at the ends of lines */
export function textPart(text: string, further: readonly HeaderField[] = []): Part {
  const bytes = new TextEncoder().encode(text);
  const isShort = text
    .split("\r\n")
    .every((line) => line.length <= LONGEST_LINE && ascii(line).length <= LONGEST_LINE);
  const type: HeaderField = ["Content-Type", "text/plain; charset=utf-8"];
  return isShort
    ? { headers: [type, ["Content-Transfer-Encoding", "8bit"], ...further], body: bytes }
    : { headers: [type, BASE64, ...further], body: base64Lines(bytes) };
}

const BASE64: HeaderField = ["Content-Transfer-Encoding", "base64"];

export interface FileContent {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** An attachment; a media type that cannot stand in a header is written as application/octet-stream. */
export function filePart({ name, mediaType, bytes }: FileContent): Part {
  const [type = ""] = mediaType.split(";");
  const shown = MEDIA_TYPE.test(type.trim()) ? type.trim() : "application/octet-stream";
  // controls would end the header; parts of a path are for nobody
  const file = name.replace(/[\p{Cc}/\\]/gu, "_");
  return {
    headers: [
      ["Content-Type", shown],
      ["Content-Disposition", `attachment; ${parameter("filename", file)}`],
      BASE64,
    ],
    body: base64Lines(bytes),
  };
}

/** @param seed different for each mail, and unknown to others before it is written: the boundary is made of it */
export function multipart(type: string, parts: readonly Part[], seed: string): Part {
  const boundary = boundaryOf(seed);
  const written = parts.flatMap((part) => [`--${boundary}\r\n`, entityBytes(part), "\r\n"]);
  return {
    headers: [["Content-Type", `multipart/${type}; boundary="${boundary}"`]],
    body: joined([...written, `--${boundary}--\r\n`]),
  };
}

export function boundaryOf(seed: string): string {
  return `=_${toHex(sha256OfText(seed)).slice(2, 42)}`;
}

function base64Lines(bytes: Uint8Array): Uint8Array {
  const text = encodeBase64(bytes);
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += BASE64_LINE)
    lines.push(text.slice(at, at + BASE64_LINE));
  return ascii(lines.join("\r\n"));
}
