import { readFile } from "node:fs/promises";
import { expect } from "chai";

interface Suite {
  readonly spec: readonly string[];
  readonly ignore?: readonly string[];
}

const suite = async (name: string) =>
  JSON.parse(await readFile(`test/${name}/mocharc.json`, "utf8")) as Suite;

describe("the suites that need Node alone", () => {
  it("leave no test out, and run none twice: the core ignores what the others name", async () => {
    const [core, commands, messages] = await Promise.all([
      suite("core"),
      suite("commands"),
      suite("messages"),
    ]);
    expect(core.spec).to.deep.equal(["test/**/*.test.ts"]);
    expect(core.ignore).to.deep.equal([...commands.spec, ...messages.spec]);
  });
});
