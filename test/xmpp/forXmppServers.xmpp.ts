/** The commands of docs/guides/for-xmpp-servers.md, word for word, with a real prosody. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { freePort } from "../../src/demo/freePort.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { removeFolder } from "../childProgram.js";
import {
  cloneFolder,
  endScript,
  guideCommands,
  HANDS,
  READY,
  type RunningScript,
  runScript,
} from "../guides/guideScript.js";

describe("the guide for XMPP servers", function () {
  this.timeout(400_000);
  let database: Awaited<ReturnType<typeof openScratchDatabase>>;
  let demoDatabase: Awaited<ReturnType<typeof openScratchDatabase>>;
  let folder: string;
  let script: RunningScript | undefined;

  before(async () => {
    database = await openScratchDatabase();
    demoDatabase = await openScratchDatabase();
    folder = await cloneFolder();
    await writeFile(join(folder, ".env"), `DATABASE_URL=${database.url}\n`);
  });
  after(async () => {
    endScript(script);
    await removeFolder(folder);
    await database.close();
    await demoDatabase.close();
  });

  it("leads from a server to a user who gets a message from DM3", async () => {
    const read = "for _ in $(seq 240); do grep -q";
    const prosody = "prosody --config .signpost/prosody/prosody.cfg.lua -F";
    const served = "PORT=$GATEWAY_PORT npx signpost serve relay xmpp";
    const commands = await guideCommands("for-xmpp-servers.md", {
      values: {
        CLIENT_PORT: String(await freePort()),
        COMPONENT_PORT: String(await freePort()),
        GATEWAY_PORT: String(await freePort()),
      },
      lines: {
        ...READY,
        "npm run demo": `start 'Everything stays up' env DATABASE_URL='${demoDatabase.url}' node --import tsx scripts/demo.ts`,
        [prosody]: `start 'Activated service .component' ${prosody}`,
        [served]:
          "start 'listens on' env PORT=$GATEWAY_PORT node bin/signpost.mjs serve relay xmpp",
        "sleep 15                                          # until the account is linked": `${read} 'in DM3' .signpost/dave.log && break; command sleep 0.5; done`,
        "sleep 5                                           # until it was read": `${read} 'Hello Dave' .signpost/dave.log && break; command sleep 0.5; done`,
      },
    });
    script = await runScript([HANDS, commands].join("\n"), folder);
    const { exitStatus, output } = await script.ended;
    expect(exitStatus, output).to.equal(0);
    for (const line of [
      /^dave@chat\.test is dave\.users\.example\.eth in DM3\.$/m,
      /^gateway\.users\.example\.eth is registered as the relay node/m,
      /dave@chat\.test is dave\.users\.example\.eth\. Send to gateway\.users\.example\.eth\./m,
      /^to dave\.users\.example\.eth: accepted$/m,
      /^erin\.users\.example\.eth: Hello Dave$/m,
    ]) {
      expect(output).to.match(line);
    }
  });
});
