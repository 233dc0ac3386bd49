import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { people } from "../dm3/profile/sampleProfiles.js";
import { createNodeWorld } from "../dm3-node/nodeWorld.js";
import { serveChain } from "../lookup/chainServer.js";

const EXAMPLE = new URL("../../docs/examples/messenger.mjs", import.meta.url).pathname;

describe("docs/examples/messenger.mjs", function () {
  this.timeout(180_000);

  it("sends, receives, and sees that it was read", async () => {
    const world = await createNodeWorld();
    for (const node of world.nodes) await world.signUp("bob", node);
    const chain = await serveChain();
    const folder = await mkdtemp(join(tmpdir(), "signpost-example-"));
    const file = join(folder, "world.json");
    const person = ({ ensName: name, storageKey }: typeof people.alice) => ({ name, storageKey });
    const { ensRegistry } = world.ens;
    const { alice, bob } = people;
    await writeFile(
      file,
      JSON.stringify({ rpc: chain.url, ensRegistry, alice: person(alice), bob: person(bob) }),
    );
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [EXAMPLE, file]);
      expect(stdout).to.match(/^to bob\.eth accepted$/m);
      expect(stdout).to.match(/^alice\.eth says Hello Bob$/m);
      expect(stdout).to.match(/^bob\.eth delivered$/m);
      expect(stdout).to.match(/^photo\.jpg image\/jpeg 3000$/m);
    } finally {
      await rm(folder, { recursive: true });
      await chain.close();
      await world.close();
    }
  });
});
