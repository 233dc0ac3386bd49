/** Bytes as lines, of which none is longer than a line may be. */
import { assertLength, LONGEST_LINE, malformed } from "./readLine.js";

const LINE_END = 0x0a;

export interface Line {
  readonly text: string;
  /** Of the byte behind its end. */
  readonly end: number;
}

/**
 * Lines that have an end; what stands behind the last one is given to `onRest`.
 * @param from the number of the first line, for what is told of it
 * @throws EXPORT_MALFORMED for a line that is too long, or not UTF-8
 */
export async function* splitLines(
  blocks: AsyncIterable<Uint8Array>,
  onRest: (bytes: number) => void = () => undefined,
  from = 1,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let rest: Uint8Array = new Uint8Array(0);
  let [line, end] = [from, 0];
  for await (const block of blocks) {
    let start = 0;
    for (;;) {
      const found = block.indexOf(LINE_END, start);
      if (found === -1) break;
      const part = block.subarray(start, found);
      const bytes = rest.length === 0 ? part : joined(rest, part);
      // a character has one byte at least
      assertLength(bytes.length / BYTES_A_CHARACTER, line);
      rest = new Uint8Array(0);
      start = found + 1;
      end += bytes.length + 1;
      yield { text: decoded(decoder, bytes, line), end };
      line++;
    }
    rest = joined(rest, block.subarray(start));
    if (rest.length > LONGEST_LINE * BYTES_A_CHARACTER) assertLength(Infinity, line);
  }
  onRest(rest.length);
}

/** At most, of one that UTF-16 writes in one unit. */
const BYTES_A_CHARACTER = 3;

function decoded(decoder: TextDecoder, bytes: Uint8Array, line: number): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed(line, "it is not UTF-8.");
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
