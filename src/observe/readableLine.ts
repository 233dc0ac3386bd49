/** A line of the log for a person at a terminal. */
import picocolors from "picocolors";

interface JsonLine {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly [fact: string]: unknown;
}

/** The one fact that takes more than a line. */
const STACK = "stack";

/** @param json one line as the log writes it for programs */
export function readableLine(json: string): string {
  const { level, time, msg, ...fields } = JSON.parse(json) as JsonLine;
  const clock = picocolors.dim(time.slice(11, 19));
  const told = Object.entries(fields)
    .filter(([name]) => name !== STACK && name !== "pid")
    .map(([name, value]) => picocolors.dim(visible(`${name}=${String(value)}`)));
  const stack =
    STACK in fields ? `\n${String(fields[STACK]).split("\n").map(visible).join("\n")}` : "";
  const words = [clock, markOf(level), visible(msg), ...told].filter((word) => word !== "");
  return `${words.join(" ")}${stack}\n`;
}

function markOf(level: string): string {
  if (level === "error") return picocolors.red("ERROR");
  if (level === "warn") return picocolors.yellow("warning");
  return level === "info" ? "" : picocolors.dim(level);
}

/** What others sent could move the cursor, or look like a line of ours. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}
