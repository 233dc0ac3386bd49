/** docs/cli.md and the examples of the help, held to the commands themselves. */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { Command } from "commander";
import { addCommands } from "../../src/cli/commands.js";
import { allOf, type CommandNode, commandTree } from "../../src/cli/help/commandTree.js";
import { EXAMPLES } from "../../src/cli/help/examples.js";
import { cliReference } from "../../src/cli/help/reference.js";

/** Words as a shell splits them; the examples use no quotes but these. */
function wordsOf(example: string): string[] {
  return [...example.matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
}

describe("the reference of the command line", () => {
  let tree: CommandNode;

  async function program(): Promise<Command> {
    const whole = new Command("signpost");
    await addCommands(whole);
    return whole;
  }
  before(async () => {
    tree = commandTree(await program());
  });

  it("is docs/cli.md, word for word", async () => {
    const file = await readFile(new URL("../../docs/cli.md", import.meta.url), "utf8");
    expect(file, "run `npm run cli-reference`").to.equal(cliReference(tree));
  });

  it("has an example for each command, and none for others", () => {
    const leaves = allOf(tree).filter(({ commands }) => commands.length === 0);
    const named = leaves.map(({ words }) => words.join(" "));
    expect(Object.keys(EXAMPLES).sort(), "src/cli/help/examples.ts").to.deep.equal(named.sort());
  });

  it("has examples that the commands take", async () => {
    for (const [path, example] of Object.entries(EXAMPLES)) {
      let taken: string | null = null;
      const whole = await program();
      const prepare = (command: Command, words: readonly string[]) => {
        command.exitOverride().configureOutput({ writeErr: () => undefined });
        if (command.commands.length === 0) command.action(() => void (taken = words.join(" ")));
        for (const one of command.commands) prepare(one, [...words, one.name()]);
      };
      prepare(whole, []);
      // what a shell, or every command, takes away before
      const words = wordsOf(example.replace(/ > .*| --env-file \S+/, ""));
      await whole.parseAsync(words, { from: "user" });
      expect(taken, example).to.equal(path);
    }
  });
});
