import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect } from "chai";

const PROGRAM = fileURLToPath(new URL("fullDiskProgram.ts", import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
/** Takes nothing, as a full disk does; Linux has it. */
const FULL = "/dev/full";

describe("observe/standardOutput", () => {
  async function run(stdout: number | "pipe", onStart: (child: ReturnType<typeof spawn>) => void) {
    const child = spawn(process.execPath, ["--import", TSX, PROGRAM], {
      stdio: ["ignore", stdout, "pipe"],
    });
    let told = "";
    child.stderr?.on("data", (chunk: Buffer) => (told += chunk.toString()));
    onStart(child);
    const [exitStatus] = (await once(child, "close")) as [number];
    return { exitStatus, told };
  }

  it("goes on when nobody reads the log any more", async () => {
    const ended = await run("pipe", (child) => child.stdout?.destroy());
    expect(ended).to.deep.equal({ exitStatus: 0, told: "still there\n" });
  });

  it("goes on when the disk of the log is full", async () => {
    if (!existsSync(FULL)) return;
    const full = await open(FULL, "w");
    const ended = await run(full.fd, () => undefined);
    await full.close();
    expect(ended).to.deep.equal({ exitStatus: 0, told: "still there\n" });
  });
});
