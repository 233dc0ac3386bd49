// Makes `npm run demo`, `npm start` and `npm test` work as the first command after `git clone`: installs and
// builds what is missing, and does nothing when nothing changed. Uses only what Node itself brings.
//
//   node scripts/ready.mjs [--anew] [program [arguments]]
//
// With --anew, it builds in an empty folder whatever is there: for what leaves this machine.
// The program runs in this very process, so that a signal to it is not lost on a process in between.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OLDEST_NODE = [20, 19];

assertNodeVersion();
step({
  name: "install",
  inputs: ["package-lock.json", "package.json"],
  // binaries differ by platform and by Node's major version
  salt: `${process.platform}-${process.arch}-${process.versions.modules}`,
  stamp: "node_modules/.signpost-installed",
  command: [
    "npm",
    "ci",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ],
});
if (process.argv[2] === "--anew") {
  process.argv.splice(2, 1);
  rmSync(join(ROOT, "dist"), { recursive: true, force: true });
}
step({
  name: "build",
  inputs: [
    "src",
    "contracts",
    "package-lock.json",
    "hardhat.config.ts",
    "scripts/build-page.mjs",
    "scripts/copy-sql.mjs",
    "tsconfig.json",
    "tsconfig.build.json",
  ],
  salt: "",
  stamp: "dist/.signpost-built",
  command: ["npm", "run", "--silent", "build"],
});

const program = process.argv[2];
if (program !== undefined) {
  process.argv.splice(1, 2, join(ROOT, program));
  if (program.endsWith(".ts")) await import("tsx");
  await import(pathToFileURL(join(ROOT, program)).href);
}

function step({ name, inputs, salt, stamp, command }) {
  const wanted = fingerprint(inputs, salt);
  const stampFile = join(ROOT, stamp);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return;
  // a step that fails has changed what the stamp was for
  rmSync(stampFile, { force: true });
  const startedMs = Date.now();
  process.stderr.write(`signpost: ${name} (${command.slice(0, 2).join(" ")}) ...\n`);
  const { status, error } = spawnSync(command[0], command.slice(1), {
    cwd: ROOT,
    // what the steps print is for the log, so that standard output stays the program's own
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
    env: { ...process.env, HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" },
  });
  if (status !== 0) {
    console.error(`signpost: ${name} failed${error ? `: ${error.message}` : ""}; see above.`);
    process.exit(1);
  }
  if (fingerprint(inputs, salt) !== wanted) {
    console.error(
      `signpost: sources changed during the ${name}, so it may be of both. Run this again.`,
    );
    process.exit(1);
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
  process.stderr.write(
    `signpost: ${name} done in ${Math.round((Date.now() - startedMs) / 1000)} s\n`,
  );
}

/** One hash over the names and contents of all files below `paths`. */
function fingerprint(paths, salt) {
  const hash = createHash("sha256").update(salt);
  for (const path of paths) {
    for (const file of filesBelow(join(ROOT, path))) {
      hash.update(file.slice(ROOT.length)).update("\0").update(readFileSync(file)).update("\0");
    }
  }
  return hash.digest("hex");
}

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((entry) => filesBelow(join(path, entry)));
}

function assertNodeVersion() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  console.error(
    `signpost: Node ${process.versions.node} is too old; install Node ${OLDEST_NODE.join(".")} or newer.`,
  );
  process.exit(1);
}
