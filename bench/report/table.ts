/** The one table for people, in Markdown: readable in a terminal, and as prettier formats it. */
import type { Spread } from "../measure/statistics.js";
import type { CaseResult, ServerResult } from "./caseResult.js";

const HEAD = [
  "case",
  "server",
  "requests/s",
  "p50",
  "p99",
  "CPU a request",
  "peak memory",
  "first one against it",
];

export function formatResults(cases: readonly CaseResult[]): string {
  const rows = cases.flatMap(({ title, servers, ratios }) =>
    servers.map((server, index) => [
      index === 0 ? title : "",
      ...cellsOf(server),
      ratioCell(ratios.find(({ to }) => to === server.name)?.throughput),
    ]),
  );
  return markdownTable([HEAD, ...rows], 2);
}

function cellsOf(server: ServerResult): string[] {
  return [
    server.name,
    Math.round(server.requestsPerSec.median).toLocaleString("en"),
    `${(server.p50Us.median / 1000).toFixed(1)} ms`,
    `${(server.p99Us.median / 1000).toFixed(1)} ms`,
    server.cpuUsPerRequest === null ? "–" : `${server.cpuUsPerRequest.median.toFixed(0)} µs`,
    server.peakRssBytes === null ? "–" : `${Math.round(server.peakRssBytes / 2 ** 20)} MB`,
  ];
}

function ratioCell(ratio: Spread | undefined): string {
  if (ratio === undefined) return "";
  const { median, lowest, highest } = ratio;
  return `${times(median)} × (${times(lowest)} to ${times(highest)})`;
}

/** Three digits say what can be known. */
export function times(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(1);
}

/** The first row is the head; the first `textColumns` columns are text, the others numbers. */
export function markdownTable(rows: readonly (readonly string[])[], textColumns: number): string {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? ""));
  const padded = columns.map((cells, column) => {
    const width = Math.max(...cells.map((cell) => cell.length));
    const isText = column < textColumns;
    const line = isText ? "-".repeat(width) : `${"-".repeat(width - 1)}:`;
    const aligned = cells.map((cell) => (isText ? cell.padEnd(width) : cell.padStart(width)));
    return aligned.toSpliced(1, 0, line);
  });
  const lines = padded[0] ?? [];
  return lines
    .map((_, line) => `| ${padded.map((cells) => cells[line] ?? "").join(" | ")} |`)
    .join("\n");
}
