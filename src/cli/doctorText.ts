import pc from "picocolors";
import type { Diagnosis } from "../doctor/examine.js";
import type { Line, LineStatus } from "../doctor/line.js";

const MARKS: Readonly<Record<LineStatus, string>> = {
  passed: pc.green("ok"),
  warning: pc.yellow("! "),
  failed: pc.red("x "),
  skipped: pc.dim("- "),
};

/** A diagnosis for a terminal. */
export function doctorText(name: string, diagnosis: Diagnosis, lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ id }) => id.length)) + 2;
  const urls = [...new Set(lines.flatMap(({ url }) => url ?? []))];
  let url: string | null = null;
  const printed: string[] = [];
  for (const line of lines) {
    if (line.url !== url) {
      url = line.url;
      const number = url === null ? "" : `gateway ${urls.indexOf(url) + 1}  ${url}`;
      printed.push(number === "" ? "" : `\n${pc.bold(number)}`);
    }
    printed.push(lineText(line, width));
  }
  return `${printed.join("\n")}\n\n${summary(name, diagnosis, lines)}`;
}

function lineText({ id, status, seen, advice }: Line, width: number): string {
  const said = status === "skipped" ? pc.dim(seen) : seen;
  const line = `${MARKS[status]} ${id.padEnd(width)}${said}`;
  return advice === null ? line : `${line}\n   ${"".padEnd(width)}${pc.cyan("->")} ${advice}`;
}

function summary(name: string, diagnosis: Diagnosis, lines: readonly Line[]): string {
  const count = (status: LineStatus) => lines.filter((line) => line.status === status).length;
  const counts = `${count("passed")} passed, ${count("warning")} warnings, ${count("failed")} failed, ${count("skipped")} skipped`;
  const color = {
    passed: pc.green,
    warnings: pc.yellow,
    failed: pc.red,
    unreachable: pc.red,
  }[diagnosis];
  return `${color(diagnosis)}  ${name}: ${counts}`;
}
