import pc from "picocolors";
import type { Diagnosis } from "../doctor/examine.js";
import type { Line, LineStatus } from "../doctor/line.js";

const MARKS: Readonly<Record<LineStatus, string>> = {
  passed: pc.green("ok"),
  warning: pc.yellow("! "),
  failed: pc.red("x "),
  skipped: pc.dim("- "),
};

/**
 * A diagnosis for a terminal. What depends on a failure is folded into one line for each cause; what failed is told
 * once more at the end, where it is seen.
 */
export function doctorText(name: string, diagnosis: Diagnosis, lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ id }) => id.length)) + 2;
  const urls = [...new Set(lines.flatMap(({ url }) => url ?? []))];
  const headingOf = (url: string) => pc.bold(`gateway ${urls.indexOf(url) + 1}  ${url}`);
  const printed = sectionsOf(lines).flatMap(({ url, own }, at) => [
    ...(url === null ? (at === 0 ? [] : [""]) : [`\n${headingOf(url)}`]),
    ...own.filter((line) => !isFolded(line)).map((line) => lineText(line, width)),
    ...foldedLines(own.filter(isFolded), width),
  ]);
  const failed = sectionsOf(lines.filter(({ status }) => status === "failed"));
  const again = failed.flatMap(({ url, own }) => [
    ...(url === null ? [] : [headingOf(url)]),
    ...own.map((line) => lineText(line, width)),
  ]);
  const end = [summary(name, diagnosis, lines), ...(again.length === 0 ? [] : ["", ...again])];
  return [...printed, "", ...end].join("\n");
}

interface Section {
  /** The gateway's that it is about; null for what is about none. */
  readonly url: string | null;
  readonly own: readonly Line[];
}

/** Neighbours that are about the same gateway. */
function sectionsOf(lines: readonly Line[]): readonly Section[] {
  const sections: { url: string | null; own: Line[] }[] = [];
  for (const line of lines) {
    const last = sections.at(-1);
    if (last?.url === line.url) last.own.push(line);
    else sections.push({ url: line.url, own: [line] });
  }
  return sections;
}

function isFolded({ status, dependsOn }: Line): boolean {
  return status === "skipped" && dependsOn !== null;
}

/** One for each reason; a line that is alone says what it says. */
function foldedLines(folded: readonly Line[], width: number): readonly string[] {
  const reasons = [...new Set(folded.map(({ seen }) => seen))];
  return reasons.map((reason) => {
    const ofReason = folded.filter(({ seen }) => seen === reason);
    const [first] = ofReason;
    if (first !== undefined && ofReason.length === 1) return lineText(first, width);
    const ids = ofReason.map(({ id }) => id).join(", ");
    const seen = `${reason.replace(/^depends/, "depend")}: ${ids}`;
    return lineText(
      { id: `${ofReason.length} checks`, status: "skipped", seen, advice: null },
      width,
    );
  });
}

/** @param width of the column with the ids */
export function lineText(
  { id, status, seen, advice }: Pick<Line, "id" | "status" | "seen" | "advice">,
  width: number,
): string {
  const said = status === "skipped" ? pc.dim(seen) : seen;
  const line = `${MARKS[status]} ${`${id} `.padEnd(width)}${said}`;
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
