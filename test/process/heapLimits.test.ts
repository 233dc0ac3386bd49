import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { NEW_OBJECTS_FLAG, workerFlags } from "../../src/process/heapLimits.js";

describe("heapLimits", () => {
  it("are given to each worker, unless somebody said otherwise", () => {
    expect(workerFlags(["--import=tsx"])).to.deep.equal(["--import=tsx", NEW_OBJECTS_FLAG]);
    for (const said of ["--max-semi-space-size=32", "--max_semi_space_size=32"]) {
      expect(workerFlags([said])).to.deep.equal([said]);
    }
  });

  for (const [file, start] of [
    ["package.json", /"start": "exec node (\S+) /],
    ["docs/operations/one-machine.md", /^ExecStart=\S+node (\S+) .* serve$/m],
  ] as const) {
    it(`are given to a process that serves alone by ${file}`, async () => {
      expect(start.exec(await readFile(file, "utf8"))?.[1]).to.equal(NEW_OBJECTS_FLAG);
    });
  }
});
