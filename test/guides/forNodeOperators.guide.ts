/** The commands of docs/guides/for-node-operators.md, word for word: our own relay node, and one made of dm3's libraries. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { providers } from "ethers5";
import { freePort } from "../../src/demo/freePort.js";
import { type Dm3Node, startDm3Node } from "../dm3-node/dm3Node.js";
import services from "../vectors/delivery-service-profile.json" with { type: "json" };
import { type GuideClone, openGuideClone } from "./guideClone.js";
import { expectInOrder, guideCommands, READY } from "./guideScript.js";

const { keys } = services.deliveryServices[0]!;

describe("the guide for node operators", function () {
  this.timeout(540_000);
  let stock: Dm3Node;
  let clone: GuideClone;

  before(async () => {
    // it is asked for its properties alone, for which it needs no chain
    const chain = { chainId: 31337, name: "local" };
    const provider = new providers.StaticJsonRpcProvider("http://127.0.0.1:1", chain);
    stock = await startDm3Node({ which: 0, provider });
    clone = await openGuideClone();
    const settings = [
      "REDIS_URL=redis://localhost:6379",
      `SIGNING_PUBLIC_KEY=${keys.signingKeyPair.publicKey}`,
      `SIGNING_PRIVATE_KEY=${keys.signingKeyPair.privateKey}`,
      `ENCRYPTION_PUBLIC_KEY=${keys.encryptionKeyPair.publicKey}`,
      `ENCRYPTION_PRIVATE_KEY=${keys.encryptionKeyPair.privateKey}`,
    ];
    await writeFile(join(clone.folder, "stock.env"), settings.join("\n"));
  });
  after(async () => {
    await stock.close();
    await clone.close();
  });

  it("leads from running relay nodes, ours and dm3's, to registered and watched ones", async () => {
    const served = "PORT=8090 npx signpost serve relay";
    const wait = "sleep 20                                          # until it was checked";
    const isWatched =
      'node bin/signpost.mjs node show "$name" --json | grep -q "\\"state\\": \\"works\\""';
    const commands = await guideCommands("for-node-operators.md", {
      values: {
        RELAY_PORT: String(await freePort()),
        STOCK_URL: stock.url,
        STOCK_KEYS: "stock.env",
      },
      lines: {
        ...READY,
        "npm run demo": clone.startDemo(),
        [served]: `start 'listens on' env PORT=$RELAY_PORT node bin/signpost.mjs serve relay`,
        [wait]: `for name in $OUR_NODE $STOCK_NODE; do for _ in $(seq 40); do if ${isWatched}; then break; fi; command sleep 0.5; done; done; command sleep 5.1`,
      },
    });
    const { exitStatus, output } = await clone.run(commands);
    expect(exitStatus, output).to.equal(0);
    const lines = [
      /^our-relay\.\S+ is registered as the relay node at http:\/\/127\.0\.0\.1:\d+\/ds \(created\)\.$/m,
      /^stock-relay\.\S+ is registered as the relay node at http:\/\/127\.0\.0\.1:\d+ \(created\)\.$/m,
      /^found {2}our-relay\.\S+ is the relay node at http:\/\/127\.0\.0\.1:\d+\/ds/m,
      /^found {2}stock-relay\.\S+ is the relay node at http:\/\/127\.0\.0\.1:\d+/m,
      /^name +our-relay\./m,
      /^state +works$/m,
      /^uptime +100\.00 % of 30 days$/m,
      /^our-relay\.\S+ +works/m,
      /^stock-relay\.\S+ +works/m,
      /"state":"works"/,
      /^passed {2}http:\/\/127\.0\.0\.1:\d+\/ds: \d+ passed, 0 warnings, 0 failed, \d+ skipped$/m,
    ];
    expectInOrder(output, lines);
    expect(output).not.to.match(/^warning/m);
    expect(output).not.to.include(keys.signingKeyPair.privateKey);
  });
});
