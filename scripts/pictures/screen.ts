/** What a terminal shows after all that was written to it: rows of characters, each with its colour. */
import type { Chunk } from "./recording.js";

/** The classes of a character, e.g. "bold red"; empty for none. */
export interface Cell {
  readonly char: string;
  readonly style: string;
}

export interface Row {
  /** When it was written to last. */
  atMs: number;
  readonly cells: Cell[];
}

const COLORS: Readonly<Record<string, string>> = {
  "31": "red",
  "32": "green",
  "33": "yellow",
  "34": "blue",
  "35": "magenta",
  "36": "cyan",
  "90": "gray",
};
const ESCAPE = "\u001b";
const SEQUENCE = new RegExp(`^${ESCAPE}\\[([\\d;?]*)([A-Za-z])`);

/** Throws for what our commands do not write, so that nothing is drawn wrongly. */
export function screenOf(chunks: readonly Chunk[], columns: number): readonly Row[] {
  const rows: Row[] = [];
  const style = { color: "", bold: false, dim: false };
  let row = 0;
  let column = 0;

  const styleNow = () =>
    [style.color, style.bold ? "bold" : "", style.dim ? "dim" : ""].filter(Boolean).join(" ");
  const rowAt = (atMs: number): Row => {
    while (rows.length <= row) rows.push({ atMs, cells: [] });
    const found = rows[row] as Row;
    found.atMs = atMs;
    return found;
  };
  const put = (char: string, atMs: number) => {
    if (column === columns) [row, column] = [row + 1, 0];
    const { cells } = rowAt(atMs);
    while (cells.length < column) cells.push({ char: " ", style: "" });
    cells[column] = { char, style: styleNow() };
    column += 1;
  };
  const setStyle = (code: string) => {
    if (code === "0" || code === "") Object.assign(style, { color: "", bold: false, dim: false });
    else if (code === "1") style.bold = true;
    else if (code === "2") style.dim = true;
    else if (code === "22") Object.assign(style, { bold: false, dim: false });
    else if (code === "39") style.color = "";
    else if (COLORS[code] !== undefined) style.color = COLORS[code];
    else throw new Error(`Unknown colour: ${code}`);
  };

  let text = "";
  for (const chunk of chunks) {
    // a sequence may come in two pieces
    text += chunk.text;
    const { atMs } = chunk;
    while (text !== "") {
      const [whole = "", codes = "", kind = ""] = SEQUENCE.exec(text) ?? [];
      if (text.startsWith(ESCAPE) && whole === "") break;
      const [char = ""] = whole === "" ? text : [whole];
      text = text.slice(char.length);
      if (kind === "m") codes.split(";").forEach(setStyle);
      else if (kind === "K") rowAt(atMs).cells.length = Math.min(column, rowAt(atMs).cells.length);
      else if (whole !== "") throw new Error(`Unknown sequence: ${JSON.stringify(whole)}`);
      else if (char === "\n") [row, column] = [row + 1, 0];
      else if (char === "\r") column = 0;
      else if (char < " ") throw new Error(`Unknown sign: ${JSON.stringify(char)}`);
      else put(char, atMs);
    }
  }
  return filled(rows);
}

/** Rows that were skipped come with the next one; empty ones at the end go. */
function filled(rows: readonly Row[]): readonly Row[] {
  const last = rows.findLastIndex(({ cells }) => cells.some(({ char }) => char !== " "));
  const kept = rows.slice(0, last + 1);
  return kept.map((one, at) => ({
    ...one,
    atMs: Math.min(...kept.slice(at).map(({ atMs }) => atMs)),
  }));
}
