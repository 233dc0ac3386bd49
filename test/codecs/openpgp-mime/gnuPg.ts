/** GnuPG with a home of its own. */
import { spawn, spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";

if (spawnSync("gpg", ["--version"]).status !== 0) {
  console.error("There is no gpg. Install it (Debian: apt-get install -y gnupg).");
  process.exit(1);
}

export class GnuPg {
  private constructor(readonly home: string) {}

  /** @param folder is made; its path has to be short, because gpg's agent listens on a socket in it */
  static async inFolder(folder: string): Promise<GnuPg> {
    await mkdir(folder, { mode: 0o700 });
    return new GnuPg(folder);
  }

  /** Of version 4, with Ed25519 and Curve25519, without a passphrase. */
  async makeKey(address: string): Promise<Uint8Array> {
    await this.run([
      "--passphrase",
      "",
      "--quick-generate-key",
      `<${address}>`,
      "future-default",
      "default",
      "never",
    ]);
    return (await this.run(["--export", address])).stdout;
  }

  async run(
    args: readonly string[],
    input: Uint8Array | string = "",
  ): Promise<{ readonly stdout: Buffer; readonly stderr: string }> {
    const options = ["--homedir", this.home, "--batch", "--yes", "--pinentry-mode", "loopback"];
    const child = spawn("gpg", [...options, "--trust-model", "always", ...args]);
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // where it ends without reading, its status tells why
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject).on("close", resolve);
    });
    const said = Buffer.concat(stderr).toString();
    if (code !== 0) throw new Error(`gpg ${args.join(" ")}: ${said}`);
    return { stdout: Buffer.concat(stdout), stderr: said };
  }

  async stop(): Promise<void> {
    const child = spawn("gpgconf", ["--homedir", this.home, "--kill", "all"]);
    await new Promise((done) => child.on("close", done));
  }
}
