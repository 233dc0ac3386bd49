/** One process that serves, as `npm start` runs it: what it does with signals that come one after the other. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { bytes } from "../db/sampleNames.js";
import { until } from "../embedded-postgres/holder.js";
import { serveSigner, TOKEN } from "../signer/remoteSignerServer.js";

describe("serviceProcess", function () {
  this.timeout(180_000);
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => removeFolder(folder));

  it("ends well on SIGTERM while SIGHUP still has it ask its remote signer", async () => {
    const remote = await serveSigner(bytes(32, 0x33));
    await writeFile(join(folder, "token"), TOKEN);
    const program = startProgram("src/main.ts", [], {
      cwd: folder,
      settings: {
        SIGNPOST_DIR: folder,
        PORT: "0",
        GATEWAY_SIGNER: remote.url,
        GATEWAY_SIGNER_TOKEN_FILE: "token",
      },
    });
    try {
      await program.printed(/no domain yet/); // the last line of its start
      let answerThem: () => void = () => undefined;
      const released = new Promise<void>((resolve) => (answerThem = resolve));
      const before = remote.requests.length;
      remote.handler = (request, response) =>
        void released.then(() => {
          remote.right(request, response);
        });
      program.process.kill("SIGHUP");
      await until(() => remote.requests.length > before, 20_000);
      program.process.kill("SIGTERM");
      await program.printed(/SIGTERM: finishing the requests under way/);
      answerThem();
      const { exitStatus, signal } = await program.ended;
      expect({ exitStatus, signal }, program.output()).to.deep.equal({
        exitStatus: 0,
        signal: null,
      });
      expect(program.output()).to.match(/The gatewaySigner was read again and is the same/);
      expect(program.output()).to.not.match(/could not be closed|"level":"error"/);
    } finally {
      program.process.kill("SIGKILL");
      await remote.close();
    }
  });
});
