/**
 * Texts as mail messengers write them. In their mails a line of two dashes begins a footer, which is shown nowhere, and a block
 * of lines with ">" at the beginning is a quote. So a text that only looks like this is written differently, and read back.
 */

/** Also the mark of a forwarded message, whose first two lines are cut off. */
const MISREAD = /^--(?=[ ]*$|-{8} Forwarded message -{10}$)/;
/** As Delta Chat writes it: between the dashes a character that has no width. */
const SPLIT = "-\u200b-";
const QUOTE_LINES = 20;
const QUOTE_CHARS = 2000;

/** Line ends become CRLF. @param quote what the text answers to, see `MailContent` */
export function writeChatText(text: string, quote?: string): string {
  const lines = linesOf(text).map((line) => line.replace(MISREAD, SPLIT));
  const head = quote === undefined ? guardOf(lines) : [...quoteLines(quote), ""];
  return [...head, ...lines].join("\r\n");
}

export interface ChatText {
  readonly text: string;
  readonly quote: string | null;
}

/** Reads what a mail messenger wrote; a footer is left out. Line ends become LF. */
export function readChatText(written: string): ChatText {
  const lines = linesOf(written);
  const footer = lines.findIndex((line) => /^-- {1,2}$/.test(line));
  if (footer !== -1) lines.length = footer;
  const firstOther = lines.findIndex((line) => !line.startsWith(">"));
  const quoteEnd = firstOther === -1 ? lines.length : firstOther;
  const quote = lines.slice(0, quoteEnd).map((line) => line.replace(/^> ?/, ""));
  const isGuarded = lines[0] === "" && beginsWithMark(lines);
  const rest = lines.slice(isGuarded ? 1 : quoteEnd);
  if (quoteEnd > 0 && rest[0] === "") rest.shift();
  const text = rest.map((line) => (line.startsWith(SPLIT) ? `--${line.slice(3)}` : line));
  return {
    text: text.join("\n").replace(/\n+$/, ""),
    quote: quoteEnd === 0 ? null : quote.join("\n"),
  };
}

/** An empty line, so that a text that begins with ">" is no quote. */
function guardOf(lines: readonly string[]): readonly string[] {
  return beginsWithMark(lines) ? [""] : [];
}

/** Whether the first line that is not empty does. */
function beginsWithMark(lines: readonly string[]): boolean {
  return lines.find((line) => line !== "")?.startsWith(">") === true;
}

function quoteLines(quote: string): readonly string[] {
  return linesOf(quote.slice(0, QUOTE_CHARS))
    .slice(0, QUOTE_LINES)
    .map((line) => `> ${line}`);
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}
