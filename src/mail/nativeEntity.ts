/**
 * What a codec hands over to be sent: a whole MIME entity, `Content-Type: multipart/encrypted` and its body. Its sender is a stranger, so
 * of its header nothing goes out but the boundary; its body goes out as it is. A certificate of the receiver in its header stays here.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { AutocryptKey } from "../codecs/openpgp-mime/keys/autocrypt.js";
import { certificateIn } from "./autocryptIn.js";
import { newlineGuard } from "./bareNewlines.js";
import { boundaryOf, contentTypeOf } from "./contentType.js";
import { encryptedShape } from "./encryptedShape.js";
import { LONGEST_HEADER, parseHeader } from "./headerFields.js";

export type NativeEntity =
  | {
      readonly is: "entity";
      readonly boundary: string;
      readonly body: Uint8Array;
      /** As its sender says (Autocrypt-Gossip); null without one. */
      readonly certificate: AutocryptKey | null;
    }
  /** For the middle of a sentence. */
  | { readonly is: "wrong"; readonly problem: string };

/** Of the receiver, for reports to that person. */
const CERTIFICATE = "autocrypt-gossip";
/** Other fields would go out unencrypted, or be lost. */
const KNOWN_FIELDS = ["content-type", "content-transfer-encoding", "mime-version", CERTIFICATE];
/** Nor a control that some server could take for an end. */
const NOT_ASCII = /[^\t\r\n -~]/;
const PIECE = 64 * 1024;

export async function readEntity(bytes: Uint8Array): Promise<NativeEntity> {
  const wrong = (problem: string): NativeEntity => ({ is: "wrong", problem });
  const end = Buffer.from(bytes.subarray(0, LONGEST_HEADER)).indexOf("\r\n\r\n");
  if (end === -1) return wrong("it has no header");
  const lines = Buffer.from(bytes.subarray(0, end)).toString("latin1").split("\r\n");
  const fields = parseHeader(lines);
  if (fields === null) return wrong("its header cannot be read");
  const unknown = fields.find(({ name }) => !KNOWN_FIELDS.includes(name));
  if (unknown !== undefined)
    return wrong("its header has fields that belong inside of what is encrypted");
  const type = contentTypeOf(fields);
  const boundary = type === null ? null : boundaryOf(type);
  const shape = encryptedShape(fields);
  if (shape === null || boundary === null) return wrong("it is not multipart/encrypted");

  const body = bytes.subarray(end + 4);
  const newlines = newlineGuard();
  for (let at = 0; at < body.length; at += PIECE) {
    const piece = body.subarray(at, at + PIECE);
    if (!newlines.isClean(piece)) return wrong("it has a CR or LF that is not part of a CRLF");
    if (NOT_ASCII.test(Buffer.from(piece).toString("latin1"))) return wrong("it is not in ASCII");
    shape.feed(piece);
    await nextTurn();
  }
  if (!endsWithCrlf(body)) return wrong("its last line has no CRLF");
  const problem = shape.end();
  if (problem !== null) return wrong(problem);
  return { is: "entity", boundary, body, certificate: certificateIn(fields, CERTIFICATE) };
}

function endsWithCrlf(body: Uint8Array): boolean {
  return body.at(-2) === 13 && body.at(-1) === 10;
}
