/**
 * Whether a mail is what it says to be: the two parts of RFC 3156, section 4, and in them one encrypted OpenPGP message and nothing
 * else. Seen without any key, by whoever carries the mail as well as by its reader.
 */
import { decodeBase64 } from "../../dm3/base64.js";
import { SignpostError } from "../../errors.js";
import { latin1 } from "./mime/bytes.js";
import { malformed, onlyField, readEntity, type ReadField } from "./mime/headerBlock.js";
import { type MediaType, readMediaType } from "./mime/mediaType.js";
import { encryptionProblem } from "./packets.js";

/** In bytes. */
const LARGEST_MAIL = 40_000_000;
/** A sentence of some clients for others that cannot decrypt; it is never shown. */
const LONGEST_PREAMBLE = 300;
const ARMOR_START =
  /^\s*-----BEGIN PGP MESSAGE-----[ \t]*\r?\n(?:[A-Za-z]+: [^\r\n]*\r?\n)*[ \t]*\r?\n/;
/** With the checksum, which nothing rests on. */
const ARMOR_END = /(?:\r?\n=[A-Za-z0-9+/]{4})?\s*\r?\n-----END PGP MESSAGE-----\s*$/;
/** Where these two stand, in characters from the start and from the end. */
const ARMOR_EDGE = 2000;

export interface EncryptedMail {
  /** Outside of the encryption: nobody vouches for them. */
  readonly fields: readonly ReadField[];
  /** An OpenPGP message, binary. */
  readonly message: Uint8Array;
}

/** @throws MAIL_NOT_ENCRYPTED, MAIL_MALFORMED, TOO_LARGE */
export function readEncryptedMail(mail: Uint8Array): EncryptedMail {
  if (mail.length > LARGEST_MAIL) {
    throw new SignpostError("TOO_LARGE", `The mail has over ${LARGEST_MAIL} bytes.`);
  }
  const { fields, body } = readEntity(mail);
  const outer = typeOf(fields);
  const protocol = outer.parameters.get("protocol")?.toLowerCase();
  if (outer.type !== "multipart/encrypted" || protocol !== "application/pgp-encrypted") {
    throw notEncrypted(`its type is ${outer.type}`);
  }
  assertPlainTransfer(fields);
  const [control, payload] = partsOf(body, outer.parameters.get("boundary") ?? "");
  if (control.type !== "application/pgp-encrypted" || control.text.trim() !== "Version: 1") {
    throw notEncrypted("its first part is not the one of RFC 3156");
  }
  if (payload.type !== "application/octet-stream") {
    throw notEncrypted(`its second part is ${payload.type}`);
  }
  const message = unarmored(payload.text);
  const problem = encryptionProblem(message);
  if (problem !== null) throw notEncrypted(problem);
  return { fields, message };
}

interface OuterPart {
  readonly type: string;
  readonly text: string;
}

function partsOf(body: Uint8Array, boundary: string): readonly [OuterPart, OuterPart] {
  if (!/^[\w'()+,./:=? -]{1,70}(?<! )$/.test(boundary)) throw malformed("boundary", "is none");
  const delimiter = `\n--${boundary}`;
  // for a delimiter at the beginning
  const text = `\n${latin1(body)}`;
  const places: number[] = [];
  for (let at = text.indexOf(delimiter); at !== -1; at = text.indexOf(delimiter, at + 1)) {
    if (places.push(at) > 3) break;
  }
  const [first, second, end, more] = places;
  if (first === undefined || second === undefined || end === undefined || more !== undefined) {
    throw notEncrypted("it has not two parts");
  }
  const isClosed = /^--\s*$/.test(text.slice(end + delimiter.length));
  if (text.slice(0, first).trim().length > LONGEST_PREAMBLE || !isClosed) {
    throw notEncrypted("there is text beside its parts");
  }
  // in the body, from behind the delimiter on
  const part = (from: number, to: number) =>
    partOf(body.subarray(from + delimiter.length - 1, to - 1));
  return [part(first, second), part(second, end)];
}

function partOf(bytes: Uint8Array): OuterPart {
  const [start] = /^[ \t]*\r?\n/.exec(latin1(bytes.subarray(0, LONGEST_PREAMBLE))) ?? [];
  if (start === undefined) throw malformed("boundary", "is followed by something");
  const { fields, body } = readEntity(bytes.subarray(start.length));
  assertPlainTransfer(fields);
  return { type: typeOf(fields).type, text: latin1(body) };
}

function typeOf(fields: readonly ReadField[]): MediaType {
  const given = onlyField(fields, "content-type");
  const type = given === null ? null : readMediaType(given);
  if (type === null) throw malformed("content-type", "is missing, or ambiguous");
  return type;
}

function assertPlainTransfer(fields: readonly ReadField[]): void {
  const encoding = onlyField(fields, "content-transfer-encoding")?.toLowerCase() ?? "7bit";
  if (encoding === "7bit" || encoding === "8bit") return;
  throw notEncrypted("its OpenPGP message is encoded once more for its transfer");
}

function unarmored(text: string): Uint8Array {
  const [start] = ARMOR_START.exec(text.slice(0, ARMOR_EDGE)) ?? [];
  const [end] = ARMOR_END.exec(text.slice(-ARMOR_EDGE)) ?? [];
  if (start === undefined || end === undefined) {
    throw notEncrypted("its second part is not one OpenPGP message with armor");
  }
  try {
    return decodeBase64(text.slice(start.length, -end.length).replace(/[\r\n]/g, ""));
  } catch {
    throw notEncrypted("the armor of its OpenPGP message is damaged");
  }
}

function notEncrypted(reason: string): SignpostError {
  return new SignpostError(
    "MAIL_NOT_ENCRYPTED",
    `This is not a mail that is encrypted by OpenPGP: ${reason}. Ask for it in the form of RFC 3156.`,
    { reason },
  );
}
