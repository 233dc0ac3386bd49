/** The commands of docs/guides/for-bridge-operators.md, word for word, with Delta Chat's stock core. */
import { expect } from "chai";
import { freePort } from "../../src/demo/freePort.js";
import { type GuideClone, openGuideClone } from "../guides/guideClone.js";
import { guideCommands, READY } from "../guides/guideScript.js";

describe("the guide for bridge operators", function () {
  this.timeout(1_200_000);
  let clone: GuideClone;

  before(async () => {
    clone = await openGuideClone();
  });
  after(async () => {
    await clone.close();
  });

  it("leads to a DM3 user and a mail user who write to one another", async () => {
    const provider = "node --import tsx scripts/mail-provider.ts";
    const commands = await guideCommands("for-bridge-operators.md", {
      values: {
        PROVIDER_PORT: String(await freePort()),
        DNS_PORT: String(await freePort()),
        MAIL_PORT: String(await freePort()),
        BRIDGE_PORT: String(await freePort()),
      },
      lines: {
        ...READY,
        "npm run demo": clone.startDemo(),
        [`${provider} 2526 5354 2525`]: `start 'has Delta Chat' ${provider} $PROVIDER_PORT $DNS_PORT $MAIL_PORT`,
        "PORT=8091 npx signpost serve relay mail":
          "start 'listens on' env PORT=$BRIDGE_PORT node bin/signpost.mjs serve relay mail",
      },
    });
    const { exitStatus, output } = await clone.run(commands);
    expect(exitStatus, output).to.equal(0);
    for (const line of [
      /^ +dm3\.test {2}MX {2}10 dm3\.test$/m,
      /^\{"status":"ready",/m,
      /^ok node +bridge\.users\.example\.eth is the relay node at http:\S+ \(created\)$/m,
      /^ok network +mail\.users\.example\.eth is a bridge to mail \(created\)$/m,
      /^ok mx /m,
      /^ok spf /m,
      /^ok dkim /m,
      /^ok dmarc /m,
      /^dave\.users\.example\.eth writes as dave\.users\.example\.eth@dm3\.test\.$/m,
      /^alice@mail\.test is alice\.mail\.test\.users\.example\.eth in DM3\.$/m,
      /^to alice\.mail\.test\.users\.example\.eth: accepted$/m,
      /^alice@mail\.test: You wrote: Hello Alice$/m,
      /^Reports of mailer-daemon@dm3\.test are signed by the OpenPGP key [0-9A-F]{40}\.$/m,
      /^! {2}smtp +127\.0\.0\.1:\d+ greets, without TLS$/m,
      /^ok wkd +the key directory of dm3\.test has the certificate of mailer-daemon@dm3\.test$/m,
      /^EMAIL:dave\.users\.example\.eth@dm3\.test/m,
    ]) {
      expect(output).to.match(line);
    }
  });
});
