/** Workers that end while others have not listened yet. */
import { expect } from "chai";
import { type ChildProgram, startProgram } from "../childProgram.js";

describe("process/workers", function () {
  this.timeout(180_000);
  let program: ChildProgram;

  beforeEach(() => {
    program = startProgram("test/process/workersProgram.ts", []);
  });
  afterEach(async () => {
    program.process.kill("SIGTERM");
    await program.ended;
  });

  it("replaces one that has listened and ends before the last one listens, and tells it", async () => {
    await program.printed(/(all listen)/);
    await program.printed(/(The process \d+ has ended \(exit status 3\); another one is started)/);
    await program.printed(/(worker 3 listens)/);
    expect(program.output().match(/has ended/g)).to.have.length(1);
  });
});
