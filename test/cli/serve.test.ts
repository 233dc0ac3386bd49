/** `signpost serve`: the built program, with the capabilities that are named. */
import { expect } from "chai";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";

const USAGE = 2;

describe("signpost serve", function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => removeFolder(folder));

  const serve = (...names: string[]) =>
    startProgram("src/cli/main.ts", ["serve", ...names], {
      settings: { SIGNPOST_DIR: folder, PORT: "0" },
      cwd: folder,
    });

  it("runs the capabilities that are named, and only those", async () => {
    const program = serve("status", "lookup-page");
    try {
      const url = await program.printed(/Signpost listens on (http:\S+)/);
      expect((await fetch(`${url}/status`)).status).to.equal(200);
      expect((await fetch(`${url}/lookup`)).status).to.equal(200);
      expect((await fetch(`${url}/v1/openapi.json`)).status).to.equal(404);
      expect((await fetch(`${url}/health/ready`)).status).to.equal(200);
    } finally {
      program.process.kill("SIGTERM");
    }
    expect(await program.ended).to.include({ exitStatus: 0 });
    expect(program.output()).not.to.match(/signer|SIGHUP/i);
  });

  it("refuses a name that is no capability, and tells those that are", async () => {
    const program = serve("registry", "telegraph");
    expect(await program.ended).to.include({ exitStatus: USAGE });
    expect(program.output()).to.include(
      'There is no capability "telegraph"; name some of registry, status, lookup-page.',
    );
  });
});
