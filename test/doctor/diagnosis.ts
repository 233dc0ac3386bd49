/** Reading a diagnosis in tests. */
import { expect } from "chai";
import type { Line, LineStatus } from "../../src/doctor/line.js";

export function lineOf(lines: readonly Line[], id: string, url?: string): Line {
  const found = lines.find((line) => line.id === id && (url === undefined || line.url === url));
  if (!found) throw new Error(`no line ${id} in ${textOf(lines)}`);
  return found;
}

/** Most names are none of them, or have none. */
const OFTEN_SILENT = [
  "batch-feature",
  "gateway-burst",
  "hidden-names",
  "relay-node",
  "network",
  "network-consent",
  "virtual-consent",
  "certificate",
  "installations",
];

/**
 * Asserts that only the line `id` is not in order and that its words name the cause: all others passed, or were
 * skipped because they depend on it, or have nothing to say (which `silent` lists).
 */
export function expectOnly(
  lines: readonly Line[],
  id: string,
  status: LineStatus,
  seen: RegExp,
  { url, silent = [] }: { url?: string; silent?: readonly string[] } = {},
): Line {
  const line = lineOf(lines, id, url);
  expect(line.status, textOf(lines)).to.equal(status);
  expect(line.seen).to.match(seen);
  if (status === "failed" || status === "warning") expect(line.advice).to.match(/^\S.*\.$/);
  const others = lines.filter((other) => other !== line && other.status !== "passed");
  const unexpected = others.filter(
    (other) =>
      other.status !== "skipped" ||
      !(
        other.dependsOn === id ||
        (other.dependsOn === null && [...OFTEN_SILENT, ...silent].includes(other.id))
      ),
  );
  expect(unexpected, textOf(unexpected)).to.deep.equal([]);
  return line;
}

export function textOf(lines: readonly Line[]): string {
  return lines
    .map(({ id, status, seen, dependsOn }) => `${id} ${status} (${dependsOn ?? ""}) ${seen}`)
    .join("\n");
}
