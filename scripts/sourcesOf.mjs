// Which commit the sources in a folder are of, and whether they are as it has them: for people.
import { spawnSync } from "node:child_process";

export function sourcesOf(folder) {
  const head = git(folder, "rev-parse", "HEAD");
  const status = git(folder, "status", "--porcelain");
  if (head === null || status === null) return "sources whose commit is not known (no git here)";
  const changed = status.split("\n").filter((line) => line !== "");
  if (changed.length === 0) return `commit ${head.trim()}`;
  const files = changed.length === 1 ? "1 file that is" : `${changed.length} files that are`;
  return `commit ${head.trim()}, with ${files} not as committed`;
}

function git(folder, ...args) {
  const { status, stdout } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
  return status === 0 ? stdout : null;
}
