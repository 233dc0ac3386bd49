/**
 * A name in DNS wire form, as ENSIP-10 passes names to resolvers:
 *
 *   | length (1 to 255) | that many bytes of UTF-8 | ... | 0 |
 *
 * It is the form of RFC 1035 §3.1 without its bounds of 63 bytes a label and 255 bytes a name: ENS has no compression
 * pointers, so the whole length byte counts, and ENS' own contracts (NameCoder), ethers and viem send labels of up to
 * 255 bytes. The 75 bytes of three family emoji are one.
 */
import { decodeUtf8 } from "../abi/utf8.js";
import { SignpostError } from "../errors.js";

const LONGEST_LABEL = 255;

/**
 * Of a name that can be stored, in this form. ENS has no such bound, but our database does: an index row holds a domain
 * and a name, and Postgres takes 2,704 bytes of it.
 */
export const LONGEST_DNS_NAME = 1024;

/** As text; in characters at most as many as in bytes of UTF-8. */
export const LONGEST_NAME = LONGEST_DNS_NAME - 2;

/**
 * Of a name that is looked up, which may be longer than one that can be stored: as many as the longest of those can have.
 * Each label costs two hashes.
 */
const MOST_LABELS = LONGEST_DNS_NAME / 2 - 1;

const DOT = 0x2e;

const encoder = new TextEncoder();

/** Throws INVALID_NAME for a name with an empty label or one that is too long. */
export function encodeDnsName(name: string): Uint8Array {
  const labels = name === "" ? [] : name.split(".").map((label) => encoder.encode(label));
  const length = labels.reduce((sum, label) => sum + 1 + label.length, 1);
  if (length > LONGEST_DNS_NAME) {
    throw invalid(
      `it takes ${length} bytes in DNS form; names of at most ${LONGEST_DNS_NAME} can be used here`,
    );
  }
  const dnsName = new Uint8Array(length);
  let at = 0;
  for (const label of labels) {
    if (label.length === 0) throw invalid("it has an empty label");
    if (label.length > LONGEST_LABEL) {
      throw invalid(
        `a label takes ${label.length} bytes; the DNS form holds ${LONGEST_LABEL} at most`,
      );
    }
    dnsName[at] = label.length;
    dnsName.set(label, at + 1);
    at += 1 + label.length;
  }
  return dnsName;
}

/** The name that the bytes stand for, see `decodeDnsLabels`. Throws INVALID_NAME. */
export function decodeDnsName(dnsName: Uint8Array): string {
  return decodeDnsLabels(dnsName).join(".");
}

/**
 * The labels, of a name of any length. Strict: the terminator is the last byte, no label holds a dot (it would read as
 * two), all is UTF-8. Throws INVALID_NAME.
 */
export function decodeDnsLabels(dnsName: Uint8Array): readonly string[] {
  const labels: string[] = [];
  for (let at = 0; ;) {
    const length = dnsName[at];
    if (length === undefined) throw invalid("its DNS form ends without the terminating zero");
    at += 1;
    if (length === 0) {
      if (at !== dnsName.length) throw invalid("bytes follow the end of its DNS form");
      return labels;
    }
    if (labels.length === MOST_LABELS) throw invalid(`it has more than ${MOST_LABELS} labels`);
    const bytes = dnsName.subarray(at, at + length);
    if (bytes.length < length) throw invalid("its DNS form ends inside a label");
    labels.push(decodeLabel(bytes));
    at += length;
  }
}

function decodeLabel(bytes: Uint8Array): string {
  return asciiLabel(bytes) ?? utf8Label(bytes);
}

/** Most labels are ASCII, and short: character by character is faster than any decoder. Null for others. */
function asciiLabel(bytes: Uint8Array): string | null {
  let label = "";
  for (const byte of bytes) {
    if (byte >= 0x80) return null;
    if (byte === DOT) throw invalid("a label contains a dot");
    label += String.fromCharCode(byte);
  }
  return label;
}

function utf8Label(bytes: Uint8Array): string {
  let label: string;
  try {
    label = decodeUtf8(bytes);
  } catch {
    throw invalid("a label is not valid UTF-8");
  }
  if (label.includes(".")) throw invalid("a label contains a dot");
  return label;
}

function invalid(reason: string): SignpostError {
  return new SignpostError("INVALID_NAME", `The name cannot be used: ${reason}.`);
}
