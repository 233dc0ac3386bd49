/** The commands of docs/guides/for-xmpp-servers.md, word for word, with a real prosody. */
import { expect } from "chai";
import { freePort } from "../../src/demo/freePort.js";
import { type GuideClone, openGuideClone } from "../guides/guideClone.js";
import { guideCommands, READY } from "../guides/guideScript.js";

describe("the guide for XMPP servers", function () {
  this.timeout(1_200_000);
  let clone: GuideClone;

  before(async () => {
    clone = await openGuideClone();
  });
  after(async () => {
    await clone.close();
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
        "npm run demo": clone.startDemo(),
        [prosody]: `start 'Activated service .component' ${prosody}`,
        [served]:
          "start 'listens on' env PORT=$GATEWAY_PORT node bin/signpost.mjs serve relay xmpp",
        "sleep 15                                          # until the account is linked": `${read} 'in DM3' .signpost/dave.log && break; command sleep 0.5; done`,
        "sleep 5                                           # until it was read": `${read} 'Hello Dave' .signpost/dave.log && break; command sleep 0.5; done`,
      },
    });
    const { exitStatus, output } = await clone.run(commands);
    expect(exitStatus, output).to.equal(0);
    for (const line of [
      /^dave@chat\.test is dave\.users\.example\.eth in DM3\.$/m,
      /^ok node +gateway\.users\.example\.eth is the relay node at http:\S+ \(created\)$/m,
      /^ok network +xmpp\.users\.example\.eth is a gateway to xmpp \(created\)$/m,
      /^ok found +xmpp\.users\.example\.eth is a messaging gateway/m,
      /dave@chat\.test is dave\.users\.example\.eth\. Send to gateway\.users\.example\.eth\./m,
      /^to dave\.users\.example\.eth: accepted$/m,
      /^erin\.users\.example\.eth: Hello Dave$/m,
      /^ok component +dm3\.chat\.test is connected, for the relay node gateway\.users\.example\.eth$/m,
      /^ok canary +a message to canary\.users\.example\.eth came back in \d+ ms$/m,
    ]) {
      expect(output).to.match(line);
    }
  });
});
