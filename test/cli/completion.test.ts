/** `signpost completion bash`, tried in a real bash; the scripts of other shells are held to the same commands. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { startProgram } from "../childProgram.js";

const run = promisify(execFile);

describe("signpost completion", function () {
  this.timeout(180_000);

  async function script(shell: string): Promise<string> {
    const program = startProgram("src/cli/main.ts", ["completion", shell]);
    const { exitStatus, stdout } = await program.ended;
    expect(exitStatus, program.output()).to.equal(0);
    return stdout;
  }

  /** What bash would offer for the last of these words. */
  async function offered(source: string, ...words: string[]): Promise<readonly string[]> {
    const typed = ["signpost", ...words].map((word) => `"${word}"`).join(" ");
    const ask = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _signpost; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run("bash", ["-c", `${source}\n${ask}`]);
    return stdout.split("\n").filter((word) => word !== "");
  }

  it("offers commands, those below them, and their options", async () => {
    const bash = await script("bash");
    expect(await offered(bash, "dom")).to.deep.equal(["domain"]);
    expect(await offered(bash, "domain", "re")).to.deep.equal(["replace-key", "remove"]);
    expect(await offered(bash, "domain", "add", "users.example.eth", "--ch")).to.deep.equal([
      "--chain",
    ]);
    expect(await offered(bash, "resolver", "signers", "")).to.include.members(["add", "remove"]);
    expect(await offered(bash, "domain", "list", "--env")).to.deep.equal(["--env-file"]);
    expect(await offered(bash, "domain", "add", "nothing-begins-so")).to.deep.equal([]);
  });

  it("has a script for zsh and for fish with the same commands", async () => {
    const zsh = await script("zsh");
    expect(zsh).to.match(/^#compdef signpost\n/);
    expect(zsh).to.match(/'replace-key:make a new API key/);
    expect(zsh).to.include("relay node'\\''s");
    const fish = await script("fish");
    const here = `test (__signpost_path) = "signpost domain"`;
    expect(fish).to.include(`complete -c signpost -n '${here}' -f -a replace-key -d 'make a new`);
    expect(fish).to.match(/-n 'test \(__signpost_path\) = "signpost domain add"' -l chain -r -d/);
  });

  it("refuses a shell that it does not know, and tells those that it does", async () => {
    const program = startProgram("src/cli/main.ts", ["completion", "csh"]);
    expect(await program.ended).to.include({ exitStatus: 2 });
    expect(program.output()).to.match(/Allowed choices are bash, zsh, fish/);
  });
});
