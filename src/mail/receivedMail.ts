/** A mail as it comes in: read in pieces, within bounds, and looked at while it comes, so that a large one holds up nobody. */
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Allowance } from "../messaging/memoryBudget.js";
import { newlineGuard } from "./bareNewlines.js";
import { type EncryptedShape, encryptedShape } from "./encryptedShape.js";
import { type HeaderField, LONGEST_HEADER, LONGEST_LINE, parseHeader } from "./headerFields.js";
import {
  badHeader,
  bareNewline,
  endless,
  noRoom,
  type SmtpRefusal,
  tooLarge,
} from "./smtpReply.js";

export interface ReceivedMail {
  readonly header: readonly HeaderField[];
  /** The whole mail, in its order. */
  readonly chunks: readonly Uint8Array[];
  readonly length: number;
  /** SHA-256 of what follows the header, 64 hexadecimal digits: of the raw bytes, since parsers change the ends of lines. */
  readonly bodyHash: string;
  /** Null: an encrypted mail by its shape; "plain": not even by its header; else what is wrong with it. */
  readonly problem: "plain" | { readonly broken: string } | null;
}

export interface IncomingStream extends AsyncIterable<unknown> {
  /** Of smtp-server: whether it is larger than the limit that it was given. */
  readonly sizeExceeded: boolean;
}

/**
 * Reads the stream to its end, also of a mail that is refused: a server that is still sending does not hear the answer. What is
 * refused is not kept.
 * @param sizeLimit in bytes
 * @throws SmtpRefusal; what the stream throws when the connection ends
 */
export async function receiveMail(
  stream: IncomingStream,
  sizeLimit: number,
  allowance: Allowance,
): Promise<ReceivedMail> {
  const mail = reading();
  const newlines = newlineGuard();
  let length = 0;
  let refused: SmtpRefusal | null = null;
  const pause = pauses(BYTES_READ_AT_ONCE);
  for await (const one of stream) {
    const chunk = one as Buffer;
    length += chunk.length;
    await pause(chunk.length);
    if (length > 2 * sizeLimit) throw endless(sizeLimit);
    if (!newlines.isClean(chunk)) refused = bareNewline();
    else if (length > sizeLimit) refused ??= tooLarge(sizeLimit);
    if (refused !== null) {
      allowance.close();
      continue;
    }
    // once as it comes, once in one piece
    if (!(await allowance.take(2 * chunk.length))) refused = noRoom();
    else refused = mail.add(chunk);
  }
  if (!newlines.endsClean()) throw bareNewline();
  if (refused !== null) throw refused;
  if (stream.sizeExceeded) throw tooLarge(sizeLimit);
  return mail.end();
}

/** With pauses, because 25 MB at once hold up everybody for 20 ms. */
export async function inOnePiece({ chunks, length }: ReceivedMail): Promise<Uint8Array> {
  const whole = Buffer.allocUnsafeSlow(length);
  const pause = pauses(BYTES_COPIED_AT_ONCE);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
    await pause(chunk.length);
  }
  return whole;
}

/** A socket hands over 2 MB in one turn, as long as somebody takes them. */
const BYTES_READ_AT_ONCE = 256 * 1024;
const BYTES_COPIED_AT_ONCE = 2 * 1024 * 1024;

/** Lets others have their turn after so many bytes. */
function pauses(atOnce: number): (bytes: number) => Promise<void> {
  let since = 0;
  return async (bytes) => {
    since += bytes;
    if (since < atOnce) return;
    since = 0;
    await nextTurn();
  };
}

const END_OF_HEADER = "\r\n\r\n";

function reading() {
  const chunks: Uint8Array[] = [];
  const bodyHash = createHash("sha256");
  let header: readonly HeaderField[] | null = null;
  let beginning = "";
  let shape: EncryptedShape | null = null;
  let length = 0;

  /** Of the header; what belongs to the body already. */
  function addToHeader(chunk: Uint8Array): Uint8Array | SmtpRefusal {
    const before = beginning.length;
    beginning += Buffer.from(chunk).toString("latin1");
    const end = beginning.startsWith("\r\n") ? -2 : beginning.indexOf(END_OF_HEADER);
    if (end === -2) return badHeader("is empty");
    if (end === -1) {
      return beginning.length > LONGEST_HEADER ? badHeader("is too long") : new Uint8Array();
    }
    if (end > LONGEST_HEADER) return badHeader("is too long");
    const lines = beginning.slice(0, end).split("\r\n");
    if (lines.some((line) => line.length > LONGEST_LINE)) return badHeader("has too long lines");
    header = parseHeader(lines);
    if (header === null) return badHeader("has a line that is no field");
    shape = encryptedShape(header);
    beginning = "";
    return chunk.subarray(end + END_OF_HEADER.length - before);
  }

  return {
    add: (chunk: Uint8Array): SmtpRefusal | null => {
      const body = header === null ? addToHeader(chunk) : chunk;
      if (!(body instanceof Uint8Array)) return body;
      chunks.push(chunk);
      length += chunk.length;
      bodyHash.update(body);
      shape?.feed(body);
      return null;
    },
    end: (): ReceivedMail => {
      if (header === null) throw badHeader("has no end");
      const broken = shape === null ? "plain" : shape.end();
      return {
        ...{ header, chunks, length, bodyHash: bodyHash.digest("hex") },
        problem: broken === null || broken === "plain" ? broken : { broken },
      };
    },
  };
}
