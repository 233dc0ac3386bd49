/** Header fields as strangers write them (RFC 5322, section 2.2), read strictly: a line that is none makes the whole mail wrong. */
import { SignpostError } from "../../../errors.js";
import { latin1 } from "./bytes.js";

const LONGEST_HEADER = 262_144;
const MOST_FIELDS = 500;
/** A mark at the beginning stays a character, so that no name of a field is found behind it. */
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
const FIELD = /^([\x21-\x39\x3b-\x7e]+):([^]*)$/;

export interface ReadField {
  /** In lower case. */
  readonly name: string;
  /** Unfolded, and otherwise as it stands there. */
  readonly value: string;
}

export interface HeaderAndBody {
  readonly fields: readonly ReadField[];
  readonly body: Uint8Array;
}

/** Lines may end with CRLF or LF. @throws MAIL_MALFORMED, TOO_LARGE */
export function readEntity(bytes: Uint8Array): HeaderAndBody {
  const head = latin1(bytes.subarray(0, LONGEST_HEADER));
  const end = /^(?:\r?\n)|\r?\n\r?\n/.exec(head);
  if (end === null && bytes.length > LONGEST_HEADER) {
    throw new SignpostError("TOO_LARGE", `The mail's header has over ${LONGEST_HEADER} bytes.`);
  }
  const headerEnd = end === null ? bytes.length : end.index;
  const header = UTF8.decode(bytes.subarray(0, headerEnd));
  const bodyAt = end === null ? bytes.length : end.index + end[0].length;
  return { fields: fieldsIn(header), body: bytes.subarray(bodyAt) };
}

function fieldsIn(header: string): readonly ReadField[] {
  if (header === "") return [];
  const lines = header.replace(/\r?\n(?=[ \t])/g, "").split(/\r?\n/);
  if (lines.length > MOST_FIELDS) {
    throw new SignpostError("TOO_LARGE", `The mail has over ${MOST_FIELDS} header fields.`);
  }
  return lines.map((line) => {
    const [, name, value = ""] = FIELD.exec(line) ?? [];
    if (name === undefined || /[\r\n\0]/.test(value)) {
      throw malformed("header", "has a line that is no header field");
    }
    return { name: name.toLowerCase(), value: value.trim() };
  });
}

/** The only one of its name; null where there is none. @throws MAIL_MALFORMED where there are several */
export function onlyField(fields: readonly ReadField[], name: string): string | null {
  const [first, second] = fields.filter((field) => field.name === name);
  if (second !== undefined) throw malformed(name, "stands there more than once");
  return first?.value ?? null;
}

export function malformed(field: string, problem: string, cause?: unknown): SignpostError {
  return new SignpostError(
    "MAIL_MALFORMED",
    `The mail is not read: its ${field} ${problem}.`,
    { field },
    { cause },
  );
}
