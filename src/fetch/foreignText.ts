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
