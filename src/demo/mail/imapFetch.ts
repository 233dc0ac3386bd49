/** What a client reads of a mail by FETCH (RFC 3501, section 7.4.2). */
import type { StoredMail } from "./mailboxes.js";

const SECTION = /^BODY(?:\.PEEK)?\[(.*)\](?:<.*>)?$/i;
const FIELDS = /^HEADER\.FIELDS \((.*)\)$/i;

/** `FLAGS`, `BODY.PEEK[]` and others, as the bytes behind their names; those that are not known here are left out. */
export function fetched(mail: StoredMail, items: readonly string[]): Buffer {
  const told = items.map((item) => toldOf(mail, item)).filter((one) => one !== null);
  return Buffer.concat(told.flatMap((one, index) => (index === 0 ? [one] : [SPACE, one])));
}

const SPACE = Buffer.from(" ");

function toldOf(mail: StoredMail, item: string): Buffer | null {
  switch (item.toUpperCase()) {
    case "UID":
      return Buffer.from(`UID ${mail.uid}`);
    case "FLAGS":
      return Buffer.from(`FLAGS (${[...mail.flags].join(" ")})`);
    case "INTERNALDATE":
      return Buffer.from(`INTERNALDATE "${internalDate(mail.arrivedAt)}"`);
    case "RFC822.SIZE":
      return Buffer.from(`RFC822.SIZE ${mail.bytes.length}`);
  }
  const [, section] = SECTION.exec(item) ?? [];
  const content = section === undefined ? null : sectionOf(mail.bytes, section);
  if (content === null) return null;
  return Buffer.concat([Buffer.from(`BODY[${section ?? ""}] {${content.length}}\r\n`), content]);
}

function sectionOf(bytes: Uint8Array, section: string): Buffer | null {
  const mail = Buffer.from(bytes);
  const end = mail.indexOf("\r\n\r\n");
  const header = end === -1 ? mail : mail.subarray(0, end + 4);
  const [, names] = FIELDS.exec(section) ?? [];
  if (names !== undefined) return headerFields(header, names.toLowerCase().split(" "));
  switch (section.toUpperCase()) {
    case "":
      return mail;
    case "HEADER":
      return header;
    case "TEXT":
      return mail.subarray(header.length);
    default:
      return null;
  }
}

function headerFields(header: Buffer, names: readonly string[]): Buffer {
  const fields = header
    .toString("latin1")
    .split(/\r\n(?![ \t])/)
    .filter((field) => names.includes(field.split(":", 1)[0]?.toLowerCase() ?? ""));
  return Buffer.from([...fields, "", ""].join("\r\n"), "latin1");
}

function internalDate(date: Date): string {
  const [, day = "", month = "", year = "", time = ""] = date.toUTCString().split(" ");
  return `${day}-${month}-${year} ${time} +0000`;
}
