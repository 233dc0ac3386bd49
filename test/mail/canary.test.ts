/** The bridge's canary between a bridge and the mail server that should send it back: back, changed on the way, lost, or forged. */
import { expect } from "chai";
import { canaryPlan } from "../../src/capabilities/mail/canary/canaryPlan.js";
import { makeMailKey } from "../../src/codecs/openpgp-mime/keys/mailKey.js";
import { dkimRecord } from "../../src/mail/dkimKeys.js";
import { parseNativeAddress } from "../../src/messaging/address/nativeAddress.js";
import { DKIM_KEYS, MAIL_DOMAIN, type MailScene, startScene } from "./mailScene.js";
import { startMailServer, type TestMail, type TestMailServer } from "./mailServer.js";
import { deliver } from "./smtpTalk.js";

const BACK = `canary@${MAIL_DOMAIN}`;
const NOBODY = "Nobody has the address canary@bridge.test";

describe("the mail bridge's canary", () => {
  let scene: MailScene;
  let server: TestMailServer;
  let privateKey: Uint8Array;
  /** What the server does with a mail. */
  let forward: (mail: TestMail) => Promise<unknown>;
  /** What the bridge answered to what came back. */
  let answers: Promise<unknown>[];

  before(async () => {
    ({ privateKey } = await makeMailKey({ address: `mailer-daemon@${MAIL_DOMAIN}` }));
  });
  beforeEach(async () => {
    answers = [];
    forward = (mail) => bring(mail.text);
    server = await startMailServer({ onMail: (mail) => answers.push(forward(mail)) });
    scene = await startScene((usual) => ({
      outlet: {
        direct: { tls: "if offered", port: server.port, mayConnect: (ip) => ip === "127.0.0.1" },
      },
      inlet: usual.inlet,
    }));
    scene.dns.zones.set("mail.test", { MX: [[10, "mx.mail.test"]] });
    scene.dns.zones.set("mx.mail.test", { A: ["127.0.0.1"] });
    for (const key of Object.values(DKIM_KEYS)) {
      const { name, text } = dkimRecord(key, MAIL_DOMAIN);
      scene.dns.zones.set(name, { TXT: [text] });
    }
  });
  afterEach(async () => {
    await scene.stop();
    await server.stop();
  });

  const bring = (text: string, from = "canary@mail.test") =>
    deliver(scene.port, text, { from, to: [BACK] });

  async function fly(longestMs = 20_000, signal = new AbortController().signal) {
    const plan = canaryPlan({
      canary: { address: parseNativeAddress("canary@mail.test", "mail"), everyMs: 600_000 },
      ...{ mailDomain: MAIL_DOMAIN, transport: () => scene.transport, longestMs },
      ownKey: { newest: () => Promise.resolve(privateKey.slice()) },
      nowMs: Date.now,
    });
    const outcome = await plan.send(signal);
    return { ...outcome!, answers: await Promise.all(answers) };
  }

  it("comes back, encrypted and signed as all its mail", async () => {
    const { isWell, tookMs, sentence, answers: said } = await fly();
    expect(sentence).to.equal("The mail canary came back.");
    expect(isWell).to.equal(true);
    expect(tookMs).to.be.above(0);
    expect(said).to.deep.equal(["250 2.6.0 Kept"]);
    const [mail] = server.mails;
    expect(mail?.sender).to.equal(BACK);
    expect(mail?.recipients).to.deep.equal(["canary@mail.test"]);
    expect(mail?.text).to.match(/^Content-Type: multipart\/encrypted;/m);
    expect(mail?.text).to.match(/^DKIM-Signature:/m);
    expect(mail?.text).to.not.match(/canary of the mail bridge/);
    // it is no message of anybody
    expect([scene.received, scene.reported, scene.left]).to.deep.equal([[], [], []]);
    expect(scene.troubles).to.deep.equal([]);
  });

  it("comes back through a server that writes its own fields in front", async () => {
    forward = (mail) => bring(`Delivered-To: canary@mail.test\r\nReceived: by x\r\n${mail.text}`);
    expect((await fly()).isWell).to.equal(true);
  });

  it("comes back from a server that forwards with an empty sender", async () => {
    forward = (mail) => bring(mail.text, "");
    expect((await fly()).isWell).to.equal(true);
  });

  it("says that the signature does not count, and why", async () => {
    for (const key of Object.values(DKIM_KEYS)) {
      scene.dns.zones.delete(dkimRecord(key, MAIL_DOMAIN).name);
    }
    const unpublished = await fly();
    expect(unpublished.isWell).to.equal(false);
    expect(unpublished.sentence).to.match(/lost\. It came back .* does not count \(.*no key/);
  });

  it("says that the mail was changed on the way", async () => {
    forward = (mail) => bring(mail.text.replace(/^Version: 1/m, "Version: 2"));
    const changed = await fly();
    expect(changed.sentence).to.match(/lost\. It came back .* does not count \(.*body/);
  });

  it("does not take a silent DNS for a bad signature", async () => {
    for (const key of Object.values(DKIM_KEYS)) {
      scene.dns.zones.set(dkimRecord(key, MAIL_DOMAIN).name, { trouble: "failing" });
    }
    expect((await fly()).sentence).to.match(/\(the key of its signature is not known\)/);
  });

  it("is lost where nothing comes back, the server says no, or is away", async () => {
    forward = () => Promise.resolve(null);
    const kept = await fly(500);
    expect(kept.isWell).to.equal(false);
    expect(kept.sentence).to.match(
      /lost\. It did not come back from canary@mail\.test within 0\.5 s\. .*canary@bridge\.test/,
    );
    server.nobodies.add("canary@mail.test");
    expect((await fly()).sentence).to.match(/lost\. .* refused it: 550 5\.1\.1 No such user/);
    server.nobodies.clear();
    scene.dns.zones.set("mail.test", { MX: [[10, "away.mail.test"]] });
    scene.dns.zones.set("away.mail.test", { trouble: "failing" });
    expect((await fly()).sentence).to.match(/lost\. The mail server of mail\.test did not take/);
  });

  it("is nobody's while none is on its way, also after it came back", async () => {
    expect(await bring("From: a@b.test\r\n\r\nhello\r\n")).to.include(NOBODY);
    await fly();
    expect(await bring(server.mails[0]!.text)).to.include(NOBODY);
    forward = () => Promise.resolve(null);
    await fly(300);
    expect(await bring(server.mails[0]!.text)).to.include(NOBODY);
  });

  it("is not known by anything but its own id, from which nobody else learns it", async () => {
    const own = /^Message-ID: (<.*>)\r\n/m;
    forward = async (mail) => {
      const refused = [
        await bring(mail.text.replace(own, `Message-ID: <${"0".repeat(40)}@${MAIL_DOMAIN}>\r\n`)),
        await bring(mail.text.replace(own, "")),
        await bring(`Message-ID: <other@mail.test>\r\n${mail.text}`),
      ];
      return [...refused, await bring(mail.text)];
    };
    const { isWell, answers: said } = await fly();
    expect(isWell).to.equal(true);
    const [first, second, third, last] = said[0] as string[];
    for (const answer of [first, second, third]) {
      expect(answer).to.match(/^550 5\.7\.1 Only mails of the bridge itself/);
    }
    expect(last).to.equal("250 2.6.0 Kept");
    const ids = server.mails.map(({ text }) => own.exec(text)?.[1]);
    expect(ids[0]).to.match(/^<[0-9a-f]{40}@bridge\.test>$/);
  });

  it("ends with the process", async () => {
    forward = () => Promise.resolve(null);
    const stopping = new AbortController();
    const flying = fly(60_000, stopping.signal);
    while (server.mails.length === 0) await new Promise(setImmediate);
    stopping.abort();
    expect((await flying).isWell).to.equal(false);
    expect(await bring(server.mails[0]!.text)).to.include(NOBODY);
  });
});
