/** A screen as an SVG: still, or played by CSS alone, so that it moves in an <img> as well. */
import type { Cell, Row } from "./screen.js";

const [CHAR, LINE, PADDING] = [7.8, 18, 14] as const;
/** Of a recording: the rows that are seen at once, and how long its command is typed. */
const [ROWS, TYPED_MS] = [26, 1200] as const;
/** How long a row stays before the next one comes, and the last one before it begins anew. */
const [SHORTEST_MS, LONGEST_MS, LAST_MS] = [80, 1500, 8000] as const;

const STYLE = `
  .screen { fill: #0d1117; stroke: #30363d }
  .cover { fill: #0d1117 }
  text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; fill: #d1d7e0; white-space: pre }
  .bold { font-weight: 600; fill: #f0f6fc }
  .dim { fill: #848d97 }
  .gray { fill: #848d97 }
  .red { fill: #ff7b72 }
  .green { fill: #3fb950 }
  .yellow { fill: #d29922 }
  .blue { fill: #79c0ff }
  .magenta { fill: #d2a8ff }
  .cyan { fill: #56d4dd }`;

export interface Picture {
  readonly title: string;
  readonly columns: number;
  /** As it is typed at the prompt. */
  readonly command: string;
  readonly rows: readonly Row[];
}

export function still({ title, columns, command, rows }: Picture): string {
  const all = [prompt(command), ...rows];
  return svg(title, columns, all.length, STYLE, all.map(rowText).join("\n"));
}

/** What is not there yet lies under a cover, which goes down row by row; from the last row of the window on, the rows go up. */
export function moving({ title, columns, command, rows }: Picture): string {
  const all = [prompt(command), ...rows];
  const steps = stepsOf(rows);
  const wholeMs = (steps.at(-1)?.atMs ?? 0) + LAST_MS;
  const frame = (atMs: number, property: string) =>
    `${((100 * atMs) / wholeMs).toFixed(2)}% { ${property} }`;
  const up = (shown: number) => `transform: translateY(${-LINE * Math.max(0, shown - ROWS)}px)`;
  const down = (shown: number) => `transform: translateY(${LINE * shown}px)`;
  const first = { atMs: 0, shown: 1 };
  const typed = Array.from(command, (_char, at) =>
    frame((TYPED_MS * at) / command.length / 1.5, `transform: translateX(${(at + 2) * CHAR}px)`),
  );
  const style = `${STYLE}
  .up { ${up(all.length)}; animation: up ${wholeMs}ms step-end infinite }
  .cover { ${down(all.length)}; animation: down ${wholeMs}ms step-end infinite }
  .typing { fill: #0d1117; transform: translateX(${columns * CHAR}px); animation: typing ${wholeMs}ms step-end infinite }
  @keyframes up { ${[first, ...steps].map(({ atMs, shown }) => frame(atMs, up(shown))).join(" ")} }
  @keyframes down { ${[first, ...steps].map(({ atMs, shown }) => frame(atMs, down(shown))).join(" ")} }
  @keyframes typing { ${typed.join(" ")} ${frame(TYPED_MS / 1.5, `transform: translateX(${columns * CHAR}px)`)} }
  @media (prefers-reduced-motion: reduce) { .up, .cover, .typing { animation: none } }`;
  const [width, height] = [columns * CHAR, ROWS * LINE];
  const body = `<svg width="${width}" height="${height}" overflow="hidden"><g class="up">
${all.map(rowText).join("\n")}
<rect class="typing" width="${width + PADDING}" height="${LINE}"/>
<rect class="cover" x="${-PADDING}" width="${width + 2 * PADDING}" height="${all.length * LINE}"/>
</g></svg>`;
  return svg(title, columns, ROWS, style, body);
}

interface Step {
  readonly atMs: number;
  /** Rows, with the command's. */
  readonly shown: number;
}

/** As the rows came, but no faster than one can see, and without long pauses. */
function stepsOf(rows: readonly Row[]): readonly Step[] {
  let [atMs, beforeMs] = [TYPED_MS, 0];
  return rows.map((row, at) => {
    const pauseMs = Math.round(row.atMs - beforeMs);
    atMs += Math.min(LONGEST_MS, Math.max(SHORTEST_MS, pauseMs));
    beforeMs = row.atMs;
    return { atMs, shown: at + 2 };
  });
}

function prompt(command: string): Row {
  const cells = Array.from(`$ ${command}`, (char, at) => ({
    char,
    style: at < 2 ? "dim" : "bold",
  }));
  return { atMs: 0, cells };
}

function rowText({ cells }: Row, at: number): string {
  return runsOf(cells)
    .filter(({ text }) => text.trim() !== "")
    .map(({ from, text, style }) => {
      const place = `x="${(from * CHAR).toFixed(1)}" y="${at * LINE + 13}"`;
      // columns stay columns, whatever font there is
      const width = `textLength="${(Array.from(text).length * CHAR).toFixed(1)}"`;
      const classes = style === "" ? "" : ` class="${style}"`;
      return `<text ${place} ${width}${classes}>${escaped(text)}</text>`;
    })
    .join("");
}

/** Characters of one style after one another, without spaces at their ends. */
function runsOf(cells: readonly Cell[]) {
  const runs: { from: number; text: string; style: string }[] = [];
  cells.forEach(({ char, style }, at) => {
    const last = runs.at(-1);
    if (last?.style === style) last.text += char;
    else runs.push({ from: at, text: char, style });
  });
  return runs.map(({ from, text, style }) => ({
    ...{ from: from + text.length - text.trimStart().length, style },
    text: text.trim(),
  }));
}

function svg(title: string, columns: number, rows: number, style: string, body: string): string {
  const [width, height] = [columns * CHAR + 2 * PADDING, rows * LINE + 2 * PADDING];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<style>${style}
</style>
<rect class="screen" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
<svg x="${PADDING}" y="${PADDING}" width="${columns * CHAR}" height="${rows * LINE}">
${body}
</svg>
</svg>
`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
