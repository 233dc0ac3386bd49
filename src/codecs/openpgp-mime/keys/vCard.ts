/** Contacts as vCards 4.0 (RFC 6350) with an OpenPGP certificate, which mail messengers import and export. */
import { decodeForgivingBase64, encodeBase64 } from "../../../dm3/base64.js";
import { SignpostError } from "../../../errors.js";

/** In characters: a certificate of the greatest size in base64, and room for a picture that is not read. */
const LONGEST = 200_000;
const MOST_LINES = 5000;
const LINE = 74;
const KEY = "data:application/pgp-keys;base64,";

export interface VCard {
  readonly address: string;
  /** What the person is called; the address where the card says nothing. */
  readonly name: string;
  /** Binary; null where it has none. */
  readonly certificate: Uint8Array | null;
}

/** One card, with CRLF. */
export function writeVCard({ address, name, certificate }: VCard): string {
  const lines = [
    ...["BEGIN:VCARD", "VERSION:4.0", `FN:${escaped(name)}`, `EMAIL:${escaped(address)}`],
    ...(certificate === null ? [] : [`KEY:${KEY}${encodeBase64(certificate)}`]),
    "END:VCARD",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

/**
 * All cards of a file. Reads the key's comma escaped, as Delta Chat writes it, and as it is.
 * @throws INVALID_REQUEST for what holds no card, or one without an address
 */
export function readVCards(text: string): readonly VCard[] {
  if (text.length > LONGEST) throw invalid(`is longer than ${LONGEST} characters`);
  const lines = text.replace(/\r?\n[ \t]/g, "").split(/\r?\n/);
  if (lines.length > MOST_LINES) throw invalid(`has more than ${MOST_LINES} lines`);
  const cards: VCard[] = [];
  let card: Map<string, string> | null = null;
  for (const line of lines) {
    const [, name = "", value = ""] = /^([\w-]+(?:\.[\w-]+)?)(?:;[^:]*)?:(.*)$/s.exec(line) ?? [];
    // "item1.EMAIL" is grouped with others of its group
    const property = name.toUpperCase().split(".").at(-1) ?? "";
    if (property === "BEGIN" && /^vcard$/i.test(value)) card = new Map();
    else if (property === "END" && card !== null) {
      cards.push(cardOf(card));
      card = null;
    } else if (card !== null && !card.has(property)) card.set(property, value);
  }
  if (cards.length === 0) throw invalid("holds no card");
  return cards;
}

function cardOf(card: ReadonlyMap<string, string>): VCard {
  const address = unescaped(card.get("EMAIL") ?? "").trim();
  if (address === "") throw invalid("has a card without an address");
  const name = unescaped(card.get("FN") ?? "").trim();
  return {
    address,
    name: name === "" ? address : name,
    certificate: certificateIn(card.get("KEY")),
  };
}

function certificateIn(value: string | undefined): Uint8Array | null {
  const given = value === undefined ? "" : unescaped(value);
  if (!given.toLowerCase().startsWith(KEY)) return null;
  return decodeForgivingBase64(given.slice(KEY.length));
}

function escaped(text: string): string {
  return text.replace(/[\\,;]/g, "\\$&").replace(/\r\n|[\r\n]/g, "\\n");
}

function unescaped(text: string): string {
  return text.replace(/\\([\\,;:nN])/g, (_, one: string) => (/n/i.test(one) ? "\n" : one));
}

/** RFC 6350, section 3.2, asks for lines of at most 75 octets, and for none inside of a character. */
function folded(line: string): string {
  const lines: string[] = [];
  let current = "";
  let length = 0;
  for (const character of line) {
    const octets = new TextEncoder().encode(character).length;
    if (length + octets > LINE) {
      lines.push(current);
      current = " ";
      length = 1;
    }
    current += character;
    length += octets;
  }
  return [...lines, current].join("\r\n");
}

function invalid(what: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The vCard ${what}. Give one that a messenger has exported.`,
    { field: "vCard" },
  );
}
