/** `npm run demo:mail -- --once`, as a process of its own. */
import { expect } from "chai";
import { processesWith, removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { until } from "../embedded-postgres/holder.js";

const CONFIG = new URL("../../hardhat.config.ts", import.meta.url).pathname;

describe("the mail demo", function () {
  this.timeout(360_000);

  it("shows who wrote to whom, leaves no database, and exits with 0", async () => {
    const folder = await temporaryFolder();
    const program = startProgram("scripts/demo-mail.ts", ["--once"], {
      cwd: folder,
      settings: { HARDHAT_CONFIG: CONFIG },
    });
    const { exitStatus } = await program.ended;
    const output = program.output();
    expect(exitStatus, output).to.equal(0);
    for (const line of [
      /^ok The mail bridge /m,
      /gives the address a DM3 name: alice\.mail\.test\.bridge\.example\.eth$/m,
      /^ {2}"Hello Alice", encrypted, from carol\.users\.example\.eth@dm3\.test, in Delta Chat$/m,
      /^ {2}"Hello Carol", a reply to "Hello Alice", signed by alice@mail\.test, /m,
      /^ {2}"Hello Bob", signed by alice@mail\.test, in the app of bob\.users\.example\.eth$/m,
    ]) {
      expect(output).to.match(line);
    }
    // its throw-away Postgres, which bears its process id, ends with it, a moment later
    const mark = `signpost-${String(program.process.pid)}-`;
    await until(async () => (await processesWith(mark)).length === 0, 20_000);
    await removeFolder(folder);
  });
});
