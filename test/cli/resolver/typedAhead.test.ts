/** Questions at a real terminal, made by util-linux' `script`: what was typed before one was shown is no answer to it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const PROGRAM = fileURLToPath(new URL("askingProgram.ts", import.meta.url));

describe("cli/resolver/typedAhead", function () {
  this.timeout(60_000);

  /** What the program understood. @param typed at the first question, and at the second */
  async function asked(typed: readonly [string, string], ...flags: string[]): Promise<unknown> {
    const command = [process.execPath, "--import", "tsx", PROGRAM, ...flags].join(" ");
    const terminal = spawn("script", ["--quiet", "--command", command, "/dev/null"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let shown = "";
    let questions = 0;
    terminal.stdout.on("data", (chunk: Buffer) => {
      shown += chunk.toString();
      const seen = shown.match(/First\?|Second\?/g)?.length ?? 0;
      for (; questions < seen; questions += 1) terminal.stdin.write(typed[questions] ?? "");
    });
    const ended = once(terminal, "close");
    // it ends the program only with its own end
    terminal.stdout.on("data", () => {
      if (shown.includes("understood")) terminal.stdin.end();
    });
    await ended;
    const [, understood = `nothing: ${shown}`] = /understood (.*?)\r?\n/.exec(shown) ?? [];
    return JSON.parse(understood);
  }

  it("takes a yes that comes after the question", async () => {
    expect(await asked(["y\n", "y\n"])).to.deep.equal([true, true]);
  });

  it("takes no yes that came before it", async () => {
    expect(await asked(["y\ny\n", "n\n"])).to.deep.equal([true, false]);
  });

  it("takes no yes of which only the Enter comes after it", async () => {
    expect(await asked(["y\ny", "\n"])).to.deep.equal([true, false]);
  });

  it("takes no passphrase that came before it", async () => {
    expect(await asked(["y\ny\n", "secret\n"], "--secret")).to.deep.equal([true, "secret"]);
  });
});
