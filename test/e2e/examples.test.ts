import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { connectionDetails, type DemoWorld } from "../../src/demo/demoWorld.js";
import { startTestWorld } from "./testWorld.js";

const EXAMPLE = new URL("../../docs/examples/publish-user.mjs", import.meta.url).pathname;

describe("e2e: the examples of the documentation", function () {
  this.timeout(60_000);
  let world: DemoWorld;
  let folder: string;

  before(async () => {
    world = await startTestWorld();
    folder = await mkdtemp(join(tmpdir(), "signpost-example-"));
    await mkdir(join(folder, ".signpost"));
    await writeFile(join(folder, ".signpost/demo.json"), JSON.stringify(connectionDetails(world)));
  });
  after(async () => {
    await world.stop();
    await rm(folder, { recursive: true });
  });

  it("publish-user.mjs publishes a user that is then found", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [EXAMPLE, "dave"], {
      cwd: folder,
    });
    expect(stdout).to.match(/^published {2}dave\.users\.example\.eth$/m);
    expect(stdout).to.match(
      /^found .*dave\.users\.example\.eth has a DM3 profile, signed by its wallet/m,
    );
  });
});
