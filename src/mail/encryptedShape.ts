/**
 * Whether the body of a mail is an OpenPGP message as RFC 3156, section 4, wraps it: two parts, of which the second one holds
 * nothing but an armored message (RFC 9580, section 6.2) with encrypted packets. Read while it comes, without any key.
 */
import { boundaryOf, contentTypeOf, isPlainlyEncoded } from "./contentType.js";
import { type HeaderField, LONGEST_HEADER, LONGEST_LINE, parseHeader } from "./headerFields.js";
import { packetSequence } from "./packetSequence.js";

export interface EncryptedShape {
  /** Of the body, with its CRLFs. */
  readonly feed: (chunk: Uint8Array) => void;
  /** Null: it is one. Otherwise what is wrong, for the middle of a sentence. */
  readonly end: () => string | null;
}

/** What mail apps write for those that know no MIME; any other text here would be read by everybody on the way. */
const PREAMBLE =
  /^(?:This is an OpenPGP\/MIME encrypted message \(RFC \d{4} and 3156\)|This is a multi-?part message in MIME format\.?)?$/;
const ARMOR_HEADER = /^(?:Version|Comment|Charset): [ -~]{0,200}$/;
const BASE64_LINE = /^[A-Za-z0-9+/]{1,100}={0,2}$/;
const CHECKSUM = /^=[A-Za-z0-9+/]{4}$/;
const BEGIN = "-----BEGIN PGP MESSAGE-----";
const END = "-----END PGP MESSAGE-----";

type Place =
  | "preamble"
  | "first header"
  | "version"
  | "second header"
  | "before armor"
  | "armor header"
  | "armor"
  | "armor end"
  | "after armor"
  | "epilogue";

/** Null where the header says that it is no encrypted mail at all. */
export function encryptedShape(header: readonly HeaderField[]): EncryptedShape | null {
  const type = contentTypeOf(header);
  if (type?.type !== "multipart/encrypted") return null;
  const boundary = boundaryOf(type);
  const packets = packetSequence();
  let place: Place = "preamble";
  let problem: string | null =
    boundary === null ? "it has no boundary between its parts" : problemOfHeader();
  let carry = "";
  let partHeader: string[] = [];
  let partHeaderLength = 0;
  let saidVersion = false;
  let digits = "";
  let hasPadding = false;

  function problemOfHeader(): string | null {
    const protocol = type?.parameters.get("protocol")?.toLowerCase();
    if (protocol !== "application/pgp-encrypted") return "its protocol is not that of OpenPGP";
    return isPlainlyEncoded(header) ? null : "its parts are encoded once more";
  }

  const steps: Readonly<Record<Place, (line: string) => Place>> = {
    preamble: (line) => {
      if (isDelimiter(line)) return "first header";
      return PREAMBLE.test(line) ? "preamble" : fail("it has text before its first part");
    },
    "first header": (line) => readPart(line, "application/pgp-encrypted", "version"),
    version: (line) => {
      if (isDelimiter(line)) return saidVersion ? "second header" : fail("its version is missing");
      if (line === "") return "version";
      if (!/^Version: 1[ \t]*$/i.test(line) || saidVersion) return fail("its first part has text");
      saidVersion = true;
      return "version";
    },
    "second header": (line) => readPart(line, "application/octet-stream", "before armor"),
    "before armor": (line) => {
      if (line === "") return "before armor";
      return line.trimEnd() === BEGIN ? "armor header" : fail("its second part is no OpenPGP text");
    },
    "armor header": (line) => {
      if (line.trim() === "") return "armor";
      return ARMOR_HEADER.test(line) ? "armor header" : fail("its armor has an unknown header");
    },
    armor: (line) => {
      if (CHECKSUM.test(line)) return endOfDigits("armor end");
      if (line.trimEnd() === END) return endOfDigits("after armor");
      if (hasPadding || !BASE64_LINE.test(line)) return fail("its armor holds something else");
      hasPadding = line.endsWith("=");
      digits += line;
      return "armor";
    },
    "armor end": (line) => (line.trimEnd() === END ? "after armor" : fail("its armor has no end")),
    "after armor": (line) => {
      if (line.trimEnd() === `--${boundary ?? ""}--`) return "epilogue";
      if (isDelimiter(line)) return fail("it has more than two parts");
      return line === "" ? "after armor" : fail("text follows its armor");
    },
    epilogue: (line) => (line.trim() === "" ? "epilogue" : fail("text follows its last part")),
  };

  function readPart(line: string, wanted: string, next: Place): Place {
    if (line !== "") {
      partHeaderLength += line.length + 2;
      if (partHeaderLength > LONGEST_HEADER) return fail("the header of a part is too long");
      partHeader.push(line);
      return place;
    }
    const fields = parseHeader(partHeader);
    partHeader = [];
    if (fields === null || contentTypeOf(fields)?.type !== wanted || !isPlainlyEncoded(fields)) {
      return fail(`one of its two parts is not ${wanted}`);
    }
    return next;
  }

  const isDelimiter = (line: string) => line.trimEnd() === `--${boundary ?? ""}`;

  function endOfDigits(next: Place): Place {
    if (digits.length % 4 !== 0) return fail("its armor is cut off");
    decode();
    const ofPackets = packets.end();
    return ofPackets === null ? next : fail(ofPackets);
  }

  /** Only whole groups of four. */
  function decode(): void {
    const whole = digits.length - (digits.length % 4);
    packets.feed(Buffer.from(digits.slice(0, whole), "base64"));
    digits = digits.slice(whole);
  }

  function fail(what: string): Place {
    problem ??= what;
    return place;
  }

  const hasFailed = () => problem !== null;

  return {
    feed: (chunk) => {
      if (hasFailed()) return;
      const lines = (carry + Buffer.from(chunk).toString("latin1")).split("\r\n");
      carry = lines.pop() ?? "";
      if (carry.length > LONGEST_LINE + 1) fail(`a line is longer than ${LONGEST_LINE} characters`);
      for (const line of lines) {
        if (line.length > LONGEST_LINE) fail(`a line is longer than ${LONGEST_LINE} characters`);
        place = steps[place](line);
        if (hasFailed()) return;
      }
      if (place === "armor") decode();
    },
    end: () => {
      if (problem === null && carry !== "") place = steps[place](carry);
      if (problem === null && place !== "epilogue") fail("it ends too early");
      return problem;
    },
  };
}
