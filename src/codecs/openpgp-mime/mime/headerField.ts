/** Header fields as they are written: ASCII, folded (RFC 5322, section 2.2.3), other text in encoded words (RFC 2047). */
import { encodeBase64 } from "../../../dm3/base64.js";
import { SignpostError } from "../../../errors.js";

/** By RFC 5322, section 2.1.1, lines should have no more than 78 characters. */
const LINE = 76;
/** Of an encoded word, in octets before base64: with its marks it has 75 characters (RFC 2047, section 2). */
const WORD_OCTETS = 45;
/** What a header line may have without any encoding. */
const PLAIN = /^[\x20-\x7e]*$/;
/** RFC 5322, section 3.2.3, with blanks between: a display name that needs no quotes. */
const ATOMS = /^[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*$/;

export type HeaderField = readonly [name: string, value: string];

/** `Name: value` with CRLF. @throws INVALID_REQUEST for a value with control characters or beyond ASCII */
export function headerLine([name, value]: HeaderField): string {
  if (!PLAIN.test(value)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The header field ${name} would have characters that no header has. Leave out line ends and controls.`,
      { field: name },
    );
  }
  let line = `${name}:`;
  const lines: string[] = [];
  for (const word of value.split(" ")) {
    if (line.length + 1 + word.length > LINE && line.trim() !== `${name}:` && line.trim() !== "") {
      lines.push(line);
      line = "";
    }
    line += ` ${word}`;
  }
  return `${[...lines, line].join("\r\n")}\r\n`;
}

/** A subject or a display name: as it is, or as encoded words. */
export function headerText(text: string): string {
  // what looks like an encoded word would be read as one
  if (PLAIN.test(text) && !text.includes("=?") && text.trim() === text) return text;
  const words: string[] = [];
  let word = "";
  for (const character of text) {
    if (octets(word + character).length > WORD_OCTETS) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((one) => `=?utf-8?B?${encodeBase64(octets(one))}?=`).join(" ");
}

/** `Alice <alice@mail.example>`, or the address alone. */
export function mailbox(address: string, displayName: string | undefined): string {
  if (displayName === undefined || displayName === "") return `<${address}>`;
  if (ATOMS.test(displayName)) return `${displayName} <${address}>`;
  const quoted = `"${displayName.replace(/["\\]/g, "\\$&")}"`;
  return `${PLAIN.test(displayName) ? quoted : headerText(displayName)} <${address}>`;
}

/** A parameter such as a file name: `filename="a.txt"`, or in the form of RFC 2231 where it has other characters. */
export function parameter(name: string, value: string): string {
  if (PLAIN.test(value) && value.length < LINE) {
    return `${name}="${value.replace(/["\\]/g, "\\$&")}"`;
  }
  const octet = (byte: number) => {
    const character = String.fromCharCode(byte);
    const isPlain = /[A-Za-z0-9._-]/.test(character);
    return isPlain ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  };
  return `${name}*=utf-8''${Array.from(octets(value), octet).join("")}`;
}

function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
