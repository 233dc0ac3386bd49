/** Commands and options that are misspelt: refused, with what was probably meant. */
import { expect } from "chai";
import { startProgram } from "../childProgram.js";

describe("a misspelt command line", function () {
  this.timeout(180_000);

  const cases: readonly (readonly [args: readonly string[], meant: string])[] = [
    [["domian", "list"], "domain"],
    [["domain", "lst"], "list"],
    [["resolver", "sigers", "list"], "signers"],
    [["domain", "list", "--jsn"], "--json"],
    [["serve", "regsitry"], "registry"],
  ];
  for (const [args, meant] of cases) {
    it(`${args.join(" ")}: 2, and ${meant} was meant`, async () => {
      const program = startProgram("src/cli/main.ts", args, { cwd: "/tmp" });
      expect(await program.ended).to.include({ exitStatus: 2 });
      expect(program.output().toLowerCase()).to.include(`did you mean ${meant}?`);
    });
  }
});
