import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { serveChain } from "../lookup/chainServer.js";
import { ADDRESS_DOMAIN, createStorageWorld } from "./storageWorld.js";

const EXAMPLE = new URL("../../docs/examples/storage.mjs", import.meta.url).pathname;

describe("docs/examples/storage.mjs", function () {
  this.timeout(180_000);

  it("writes on one device, and shows it on another one", async () => {
    const world = await createStorageWorld();
    const chain = await serveChain();
    const folder = await temporaryFolder();
    const file = join(folder, "world.json");
    const person = ({ ensName: name, storageKey }: typeof people.alice) => ({ name, storageKey });
    const { ensRegistry } = world.ens;
    const [{ url }] = world.nodes;
    const { alice, bob } = people;
    await writeFile(
      file,
      JSON.stringify({
        ...{ rpc: chain.url, ensRegistry, storage: { url, addressDomain: ADDRESS_DOMAIN } },
        ...{ alice: person(alice), bob: person(bob) },
      }),
    );
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [EXAMPLE, file]);
      expect(stdout.trim().split("\n")).to.deep.equal([
        "with bob.eth Hello Bob",
        "I said Hello Bob",
      ]);
    } finally {
      await removeFolder(folder);
      await chain.close();
      await world.close();
    }
  });

  it("is what docs/sdk-storage.md shows", async () => {
    const page = await readFile(new URL("../../docs/sdk-storage.md", import.meta.url), "utf8");
    const program = await readFile(EXAMPLE, "utf8");
    const blocks = Array.from(page.matchAll(/^```js\n([^]*?)^```$/gm), ([, block = ""]) => block);
    const parts = program.split("// ----\n").filter((_, index) => index % 2 === 1);
    expect(blocks).to.deep.equal(parts);
  });
});
