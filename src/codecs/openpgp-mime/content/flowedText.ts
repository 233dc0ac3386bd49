/**
 * Text of the format flowed (RFC 3676, section 4), which mail programs write by default: a line that ends with a space goes on in the
 * next one. Quotes keep their marks, one group for each paragraph, so that nobody's words run into those of somebody else.
 */

/** Section 4.3: neither goes on in the next line, nor does the line above go on in it. */
const SIGNATURE = "-- ";

interface Line {
  /** How many marks it had. */
  readonly depth: number;
  /** Without marks and stuffing. */
  readonly text: string;
}

/**
 * @param text with CRLF or LF
 * @param delSp whether the space was added by the sender, and belongs to no word (DelSp=yes)
 * @returns paragraphs, each in one line that ends with LF; a quote has `>` for each level, and one space behind them
 */
export function unflowed(text: string, delSp: boolean): string {
  const written = text.split(/\r?\n/);
  const paragraphs: string[] = [];
  let pieces: string[] = [];
  let line = lineOf(written[0] ?? "");
  for (let at = 1; at <= written.length; at++) {
    const next = at === written.length ? null : lineOf(written[at] ?? "");
    const goesOn = next !== null && isJoined(line, next);
    pieces.push(goesOn && delSp ? line.text.slice(0, -1) : line.text);
    if (!goesOn) {
      paragraphs.push(withMarks(line.depth, pieces.join("")));
      pieces = [];
    }
    if (next !== null) line = next;
  }
  return paragraphs.join("\n");
}

/** Marks come off first, then the space that stuffs the line (sections 4.4 and 4.5). */
function lineOf(written: string): Line {
  let depth = 0;
  while (written[depth] === ">") depth++;
  const stuffed = written[depth] === " " ? depth + 1 : depth;
  return { depth, text: written.slice(stuffed) };
}

/** A line that ends with a space in front of one of another depth is wrong, and stays as it is (section 4.5). */
function isJoined(line: Line, next: Line): boolean {
  if (!line.text.endsWith(" ") || line.depth !== next.depth) return false;
  return line.text !== SIGNATURE && next.text !== SIGNATURE;
}

function withMarks(depth: number, text: string): string {
  if (depth === 0) return text;
  return text === "" ? ">".repeat(depth) : `${">".repeat(depth)} ${text}`;
}
