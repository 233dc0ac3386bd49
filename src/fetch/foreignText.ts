/**
 * Text that a stranger's server or contract chose, made fit for one line of a terminal or a log: without
 * control and formatting characters (which could repaint the screen or reverse the line), and short.
 */
export function foreignText(text: string, maxLength = 200): string {
  const line = text
    .slice(0, maxLength * 2)
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength)}...` : line;
}

/**
 * The reason that a server or a library gave, without URLs, which often hold an API key. It may be megabytes long: it
 * is cut first, and schemes are looked for up to a bounded length only.
 */
export function withoutUrls(reason: string): string {
  return reason.slice(0, 400).replace(/\b[a-z][a-z0-9+.-]{0,15}:\/\/\S+/gi, "(URL left out)");
}
