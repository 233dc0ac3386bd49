/** A command in a terminal of its own (util-linux' `script`), with what it wrote and when. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Chunk {
  /** Since the start. */
  readonly atMs: number;
  readonly text: string;
}

const run = promisify(execFile);

/**
 * Whatever it exits with. Throws where the output names this machine, its user or a folder of theirs.
 * @param command for sh
 */
export async function record(
  command: string,
  columns: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<readonly Chunk[]> {
  const folder = await mkdtemp(join(tmpdir(), "signpost-picture-"));
  const [output, timing] = [join(folder, "output"), join(folder, "timing")];
  try {
    const sized = `stty cols ${columns} rows 50; ${command}`;
    const files = ["--log-out", output, "--log-timing", timing];
    await run("script", ["--quiet", ...files, "--command", sized], {
      env: { ...process.env, ...settings, TERM: "xterm-256color" },
    });
    const chunks = chunksOf(await readFile(output), await readFile(timing, "utf8"));
    assertNameless(chunks.map(({ text }) => text).join(""));
    return chunks;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @param timing lines of `<seconds since the one before> <bytes>` */
function chunksOf(output: Buffer, timing: string): readonly Chunk[] {
  // the first line is script's own
  let from = output.indexOf("\n") + 1;
  let atMs = 0;
  const decoder = new TextDecoder();
  return timing
    .trim()
    .split("\n")
    .map((line) => {
      const [seconds = 0, count = 0] = line.split(" ").map(Number);
      atMs += seconds * 1000;
      const text = decoder.decode(output.subarray(from, (from += count)), { stream: true });
      return { atMs, text };
    });
}

function assertNameless(text: string): void {
  const { username, homedir } = userInfo();
  const names = [process.cwd(), `${homedir}/`, `/home/`, `${username}@`, hostname()];
  const found = names.find((name) => text.includes(name));
  if (found !== undefined) throw new Error(`The picture would show ${found}:\n${text}`);
}
