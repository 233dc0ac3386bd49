/** A guide's commands as a script: word for word and in their order, in a folder that stands for a clone. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../childProgram.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What the commands need of a clone. They write into the folder that they run in: it is not the clone itself. */
const CLONE = [
  ...["package.json", "node_modules", "artifacts", "contracts", "bin", "dist", "scripts", "src"],
  ...["hardhat.config.ts", "tsconfig.json", "docs"],
];

/** What a person reads off the screen and types, by the line's beginning: `NAME` of `NAME=...`, or the whole line. */
export interface ByHand {
  /** Values of the variables whose lines only tell what belongs there. */
  readonly values: Readonly<Record<string, string>>;
  /** Other lines for these. */
  readonly lines: Readonly<Record<string, string>>;
}

/** In both guides: `npm test` has done it; here it could replace node_modules under the tests' feet. */
export const READY = {
  "node scripts/ready.mjs                            # installs and builds, once; about a minute":
    ":",
};

export async function cloneFolder(): Promise<string> {
  const folder = await temporaryFolder();
  for (const part of CLONE) await symlink(join(ROOT, part), join(folder, part));
  await mkdir(join(folder, "started"));
  return folder;
}

/** Every line of the blocks that are marked as shell. Throws where something by hand has no line. */
export async function guideCommands(guide: string, { values, lines }: ByHand): Promise<string> {
  const left = new Set([...Object.keys(values), ...Object.keys(lines)]);
  const commands = shellLines(await readFile(join(ROOT, "docs/guides", guide), "utf8")).map(
    (line) => {
      const name = /^((?:export )?[A-Z_]+)=/.exec(line)?.[1] ?? "";
      const value = values[name];
      left.delete(lines[line] === undefined ? name : line);
      if (lines[line] !== undefined) return lines[line];
      if (value !== undefined) return `${name}=${value}`;
      // a place that the reader fills in
      if (name !== "" && /=\S*\.\.\./.test(line)) throw new Error(`no value for: ${line}`);
      return line;
    },
  );
  if (left.size > 0) throw new Error(`${guide} has no line for ${[...left].join(", ")}`);
  return commands.join("\n");
}

function shellLines(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  return blocks.flatMap((block) => block.trimEnd().split("\n"));
}

/**
 * What stands for a person's hands and patience: `npm start` goes on in the background, on a free port (what it builds
 * first is built); `npx signpost` is the binary that it finds, without npm's own second; nobody waits for minutes.
 */
export const HANDS = String.raw`
set -eo pipefail
started=0
start() {
  local ready=$1; shift
  started=$((started + 1))
  local log=started/$started.log
  "$@" > "$log" 2>&1 &
  echo $! > started/$started.pid
  for _ in $(seq 600); do
    if grep -q "$ready" "$log"; then cat "$log"; return; fi
    command sleep 0.1
  done
  cat "$log"
  return 1
}
npm() {
  case "$*" in
    start) start gatewaySigner env PORT=0 node dist/main.js ;;
    *) command npm "$@" ;;
  esac
}
npx() {
  if [ "$1" != signpost ]; then command npx "$@"; return; fi
  shift
  node bin/signpost.mjs "$@"
}
sleep() { :; }
origin_of() { grep -oE 'listens on http:[^ ]*' started/$1.log | grep -oE 'http:.*'; }
trap 'kill $(jobs -p) 2> /dev/null || true; wait' EXIT
`;

export interface RunningScript {
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly exitStatus: number | null; readonly output: string }>;
}

/** What it prints goes to `output.log` in the folder, so that its own commands can read it. */
export async function runScript(script: string, folder: string): Promise<RunningScript> {
  const file = join(folder, "output.log");
  const output = await open(file, "w");
  const child = spawn("bash", ["-v", "-c", script], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" },
    stdio: ["ignore", output.fd, output.fd],
    // a process group, to be ended as a whole
    detached: true,
  });
  await output.close();
  const ended = once(child, "close").then(async ([exitStatus]) => ({
    exitStatus: exitStatus as number | null,
    output: await readFile(file, "utf8"),
  }));
  return { process: child, ended };
}

/** Ends it and all that it has started, where it still runs. */
export function endScript(script: RunningScript | undefined): void {
  const { pid, exitCode } = script?.process ?? {};
  if (pid !== undefined && exitCode === null) process.kill(-pid);
}

/** Throws where one of the lines was not printed behind the one before. */
export function expectInOrder(output: string, lines: readonly RegExp[]): void {
  let rest = output;
  for (const line of lines) {
    const found = line.exec(rest);
    if (!found) throw new Error(`${String(line)} was not printed, but:\n${rest}`);
    rest = rest.slice(found.index + found[0].length);
  }
}
