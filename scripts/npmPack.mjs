// A package whose content lies in a folder, as a tarball beside that folder.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";

/** @returns the tarball's path */
export function npmPack(folder) {
  const { status, stdout, stderr, error } = spawnSync(
    "npm",
    ["pack", "--json", "--pack-destination", ".."],
    { cwd: folder, encoding: "utf8", shell: process.platform === "win32" },
  );
  if (status !== 0) throw error ?? new Error(`npm pack failed: ${stderr}`);
  const [{ filename }] = JSON.parse(stdout);
  return join(dirname(folder), filename);
}
