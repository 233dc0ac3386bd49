// node scripts/on-node.mjs <version> <program> [arguments]: runs a program below the project's root on another Node, which npm brings once.
// Programs that it starts run on that Node as well. What is installed and built stays as it is: native modules keep to Node-API.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const [version = "", program = "", ...args] = process.argv.slice(2);
const folder = join(ROOT, "build", "node", version);
const bin = join(folder, "node_modules", `node-${process.platform}-${process.arch}`, "bin");
const node = join(bin, "node");

if (!existsSync(node)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  // the platform's own package: the one that is called node runs a script to find it
  const wanted = `node-${process.platform}-${process.arch}@${version}`;
  const install = ["install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", wanted];
  run("npm", install, folder, process.env);
}
console.log(`signpost: on Node ${version}`);
const path = `${bin}${delimiter}${process.env.PATH}`;
run(node, [join(ROOT, program), ...args], ROOT, { ...process.env, PATH: path });

function run(command, given, cwd, env) {
  const { status, error } = spawnSync(command, given, { cwd, env, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
