/** The running bridge's canary: a server of somebody else sends it back, or the bridge tells where it ended; and a real postfix does. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { canaryPlan } from "../../src/capabilities/mail/canary/canaryPlan.js";
import { makeMailKey } from "../../src/codecs/openpgp-mime/keys/mailKey.js";
import { startDns } from "../../src/demo/mail/dnsServer.js";
import { MAIL_DOMAIN, type MailWorld, startMailWorld } from "../../src/demo/mailWorld.js";
import { dkimRecord } from "../../src/mail/dkimKeys.js";
import { parseNativeAddress } from "../../src/messaging/address/nativeAddress.js";
import { type ChildProgram, removeFolder, temporaryFolder } from "../childProgram.js";
import { LONG_MS } from "../xmpp/wholeScene.js";
import { bridgeAsProgram } from "./bridgeChild.js";
import { DKIM_KEYS, MAIL_DOMAIN as SCENE_DOMAIN } from "./mailScene.js";
import { startMailServer, type TestMailServer } from "./mailServer.js";
import { startPostfixScene } from "./postfixScene.js";
import { deliver } from "./smtpTalk.js";

const LONGEST_MS = 60_000;

describe("a running mail bridge's canary", function () {
  this.timeout(LONG_MS);
  let dns: Awaited<ReturnType<typeof startDns>>;
  let server: TestMailServer;
  let world: MailWorld;
  let folder: string;
  let program: ChildProgram;

  before(async () => {
    folder = await temporaryFolder();
    dns = await startDns();
    server = await startMailServer({
      onMail: ({ text, recipients, sender }) => {
        if (recipients.join() !== "canary@mail.test") return;
        const to = [`canary@${MAIL_DOMAIN}`];
        void deliver(world.smtpPort, `Received: by mail.test\r\n${text}`, { from: sender, to });
      },
    });
    world = await startMailWorld({
      ...{ databaseUrl: undefined, smarthostPort: server.port, dnsServer: dns.server },
      ...{ onStep: () => undefined, reportFailure: () => undefined },
    });
    await world.bridge.stop();
  });
  beforeEach(() => {
    for (const key of [world.bridge.rsa, world.bridge.ed25519]) {
      const { name, text } = dkimRecord(key, MAIL_DOMAIN);
      dns.zones.set(name, { TXT: [text] });
    }
  });
  afterEach(async () => {
    program.process.kill("SIGTERM");
    await program.ended;
  });
  after(async () => {
    await world.stop();
    await server.stop();
    await dns.stop();
    await removeFolder(folder);
  });

  async function start(canary: string): Promise<void> {
    const { environment, url } = world.bridge;
    program = await bridgeAsProgram(
      { environment: { ...environment, MAIL_CANARY: canary }, url },
      folder,
    );
  }

  const read = async (path: string) => (await fetch(new URL(path, world.bridge.url))).text();
  const number = async (name: string) =>
    new RegExp(`^signpost_mail_canary_${name}(?:\\{.*\\})? (\\S+)$`, "m").exec(
      await read("/metrics"),
    )?.[1];

  async function eventually(holds: () => Promise<boolean>, what: string): Promise<void> {
    const deadline = performance.now() + LONGEST_MS;
    while (!(await holds())) {
      if (performance.now() > deadline)
        throw new Error(`no ${what}: ${await read("/health/ready")}`);
      await delay(100);
    }
  }

  /** When the first one is over: whether it came back. */
  async function first(): Promise<boolean> {
    await eventually(async () => (await number("well")) !== undefined, "canary");
    return (await number("well")) === "1";
  }

  it("comes back, and the numbers tell how long it took", async () => {
    await start("canary@mail.test");
    expect(await first(), await read("/health/ready")).to.equal(true);
    expect(Number(await number("seconds"))).to.be.above(0);
    expect(Number(await number("age_seconds"))).to.be.at.least(0);
    expect(await read("/health/ready")).to.not.include("canary");
    expect(server.mails.at(-1)?.sender).to.equal(`canary@${MAIL_DOMAIN}`);
  });

  it("warns of an address that its server does not know, and of keys that are not in the DNS", async () => {
    server.nobodies.add("gone@mail.test");
    await start("gone@mail.test");
    expect(await first()).to.equal(false);
    const warned = (sentence: RegExp) =>
      eventually(async () => sentence.test(await read("/health/ready")), String(sentence));
    await warned(/The mail canary was lost\. .*refused it: 550 5\.1\.1 No such user/);
    const { status } = await fetch(new URL("/health/ready", world.bridge.url));
    expect(status).to.equal(200);
    program.process.kill("SIGTERM");
    await program.ended;

    dns.zones.delete(dkimRecord(world.bridge.rsa, MAIL_DOMAIN).name);
    dns.zones.delete(dkimRecord(world.bridge.ed25519, MAIL_DOMAIN).name);
    await start("canary@mail.test");
    expect(await first()).to.equal(false);
    await warned(/with a DKIM signature that does not count \(no key\)/);
  });
});

describe("the canary over a real postfix", () => {
  it("comes back by a table of aliases, as operators have them", async () => {
    const scene = await startPostfixScene();
    try {
      for (const key of Object.values(DKIM_KEYS)) {
        const { name, text } = dkimRecord(key, SCENE_DOMAIN);
        scene.bridge.dns.zones.set(name, { TXT: [text] });
      }
      const { privateKey } = await makeMailKey({ address: `mailer-daemon@${SCENE_DOMAIN}` });
      const plan = canaryPlan({
        canary: { address: parseNativeAddress("canary@mail.test", "mail"), everyMs: 600_000 },
        ...{ mailDomain: SCENE_DOMAIN, transport: () => scene.bridge.transport },
        ownKey: { newest: () => Promise.resolve(privateKey) },
        ...{ nowMs: Date.now, longestMs: LONGEST_MS },
      });
      const outcome = await plan.send(new AbortController().signal);
      expect(outcome?.sentence, await scene.postfix.log()).to.equal("The mail canary came back.");
    } finally {
      await scene.stop();
    }
  }).timeout(LONG_MS);
});
