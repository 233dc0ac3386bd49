/** The grammar of IMAP commands (RFC 3501, section 9), as far as clients of one inbox use it. */

/** A word, a quoted text or literal, or a list in brackets. */
export type ImapWord = string | readonly ImapWord[];

const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
/** With what may stand in its brackets: `BODY.PEEK[HEADER.FIELDS (FROM DATE)]`. */
const ATOM = /[^\s()"[\]]*\[[^\]]*\](?:<[^>]*>)?|[^\s()"]+/y;
const LITERAL = /\{(\d+)\+?\}\r\n/y;

const MOST_NESTED = 8;

/** The words of a command's line; its literals stand in it as they came. Null for what is no command. */
export function wordsOf(line: string): readonly ImapWord[] | null {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(line);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  const list = (end: string | undefined, depth: number): ImapWord[] | null => {
    const words: ImapWord[] = [];
    while (at < line.length && line[at] !== end) {
      if (line[at] === " ") {
        at += 1;
      } else if (line[at] === "(") {
        at += 1;
        const inner = depth < MOST_NESTED ? list(")", depth + 1) : null;
        if (inner === null || line[at] !== ")") return null;
        at += 1;
        words.push(inner);
      } else {
        const literal = take(LITERAL);
        const word = literal === null ? textAt() : literalAt(Number(literal[1]));
        if (word === null) return null;
        words.push(word);
      }
    }
    return words;
  };
  const literalAt = (length: number): string => line.slice(at, (at += length));
  const textAt = (): string | null => {
    const quoted = take(QUOTED);
    if (quoted !== null) return (quoted[1] ?? "").replace(/\\(.)/g, "$1");
    return take(ATOM)?.[0] ?? null;
  };
  return list(undefined, 0);
}

export function textOfWord(word: ImapWord | undefined): string {
  return typeof word === "string" ? word : "";
}

/** Whether a number is in a set such as `2,4:7,9:*`; `last` is what the star stands for. */
export function isInSet(set: string, number: number, last: number): boolean {
  return set.split(",").some((range) => {
    const [from = 0, to = from] = range
      .split(":")
      .map((text) => (text === "*" ? last : Number(text)));
    return number >= Math.min(from, to) && number <= Math.max(from, to);
  });
}
