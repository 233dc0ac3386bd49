import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { connectionDetails, type DemoWorld } from "../../src/demo/demoWorld.js";
import { startTestWorld } from "./testWorld.js";

const example = (name: string) => new URL(`../../docs/examples/${name}`, import.meta.url).pathname;

describe("e2e: the examples of the documentation", function () {
  this.timeout(180_000);
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
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [example("publish-user.mjs"), "dave"],
      {
        cwd: folder,
      },
    );
    expect(stdout).to.match(/^published {2}dave\.users\.example\.eth$/m);
    expect(stdout).to.match(
      /^found .*dave\.users\.example\.eth has a DM3 profile, signed by its wallet/m,
    );
  });

  it("exchange-message.mjs writes, reads, answers and refuses", async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [example("exchange-message.mjs"), "erin"],
      { cwd: folder },
    );
    expect(stdout.trim().split("\n")).to.deep.equal([
      "relay.users.example.eth https://relay.example/dm3 6063",
      "erin-alice.users.example.eth Hello Bob",
      "NOT_FOR_THIS_KEY message",
      "erin-bob.users.example.eth Hello Alice",
    ]);
  });

  it("first-messages.mjs, exchange-message.mjs and messenger.mjs are what docs/messages.md shows", async () => {
    const page = await readFile(new URL("../../docs/messages.md", import.meta.url), "utf8");
    const program = await readFile(example("exchange-message.mjs"), "utf8");
    const messenger = await readFile(example("messenger.mjs"), "utf8");
    const first = await readFile(example("first-messages.mjs"), "utf8");
    const blocks = Array.from(page.matchAll(/^```js\n([^]*?)^```$/gm), ([, block = ""]) => block);
    expect(blocks.length).to.be.above(8);
    for (const block of blocks) expect(program + messenger + first).to.include(block);
    const parts = [program, messenger, first].flatMap((text) =>
      text.split("// ----\n").filter((_, index) => index % 2 === 1),
    );
    for (const part of parts) expect(blocks).to.include(part);
  });
});
