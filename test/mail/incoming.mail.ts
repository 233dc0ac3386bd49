/** Mail from a real postfix to the bridge: what arrives, what comes twice, and what its users learn of a refusal. */
import { expect } from "chai";
import { providerOf } from "../../src/demo/mail/provider.js";
import { SignpostError } from "../../src/errors.js";
import { armoredFor, encryptedBody, mailOf, openPgpUser, signedBy } from "./mails.js";
import { onlyLooksEncrypted } from "./onlyLooksEncrypted.js";
import { type PostfixScene, reportIn, startPostfixScene } from "./postfixScene.js";
import { deliver } from "./smtpTalk.js";
import { until } from "./until.js";

describe("mail: from postfix", () => {
  let scene: PostfixScene;
  let armored: string;
  let count = 0;

  before(async () => {
    scene = await startPostfixScene();
    const { publicKey } = await openPgpUser("carol.eth@bridge.test");
    armored = await armoredFor(publicKey, "hello");
  });
  after(() => scene.stop());
  beforeEach(() => {
    scene.bridge.received.length = 0;
  });

  const goodMail = () => {
    const body = encryptedBody(armored.replace("\r\n", `\r\nComment: ${++count}\r\n`));
    return signedBy(mailOf({ body }), scene.provider);
  };
  const submit = async (mail: string, options?: Parameters<typeof deliver>[2]) => {
    expect(await deliver(scene.postfix.port, mail, options)).to.match(/^250 /);
  };
  const received = () => until(() => scene.bridge.received[0]);
  /** The sentence of the report that comes next. */
  const nextReport = async (before: number) => {
    const mails = await until(async () => {
      const all = await scene.postfix.mailsOf("alice");
      return all.length > before && all;
    });
    const report = reportIn(mails.at(-1)!);
    expect(report?.is).to.equal("refused");
    return report!.sentence;
  };
  const reportsSoFar = async () => (await scene.postfix.mailsOf("alice")).length;

  it("arrives, with the body as it was", async () => {
    const mail = await goodMail();
    await submit(mail);
    const { bytes, from } = await received();
    const text = Buffer.from(bytes).toString();
    expect(text.slice(text.indexOf("\r\n\r\n"))).to.equal(mail.slice(mail.indexOf("\r\n\r\n")));
    expect(from).to.deep.equal({ localPart: "alice", domain: "mail.test" });
  });

  it("comes twice when the connection is cut before the answer, and is kept once", async () => {
    const { exists } = scene.bridge.events;
    let asked = 0;
    scene.bridge.events.exists = (name) => {
      asked++;
      return exists(name);
    };
    scene.proxy.cuts = 1;
    const sent = /status=sent \(250 2\.6\.0 Kept/g;
    const sentSoFar = async () => (await scene.postfix.log()).match(sent)?.length ?? 0;
    const before = await sentSoFar();
    await submit(await goodMail());
    await until(async () => (await sentSoFar()) > before);
    expect([scene.proxy.cutSoFar(), asked]).to.deep.equal([1, 2]);
    expect(scene.bridge.received).to.have.length(1);
    scene.bridge.events.exists = exists;
  });

  it("waits at 451, for the recipient and for the mail", async () => {
    const { exists, received: keep } = scene.bridge.events;
    let [asked, kept] = [0, 0];
    scene.bridge.events.exists = (name) =>
      ++asked === 1 ? Promise.reject(new SignpostError("UNREACHABLE", "Later.")) : exists(name);
    scene.bridge.events.received = (message) =>
      ++kept === 1
        ? Promise.reject(new SignpostError("DATABASE_UNAVAILABLE", "Later."))
        : keep(message);
    await submit(await goodMail());
    await received();
    expect([asked, kept]).to.deep.equal([3, 2]);
    scene.bridge.events.exists = exists;
    scene.bridge.events.received = keep;
  });

  it("tells its user of a 550 for the recipient", async () => {
    const before = await reportsSoFar();
    await submit(await goodMail(), { to: ["nobody.com@bridge.test"] });
    expect(await nextReport(before)).to.match(
      /550 5\.1\.1 Nobody has the address nobody\.com@bridge\.test/,
    );
  });

  it("tells its user of a 550 for the mail: what to do about plaintext", async () => {
    const before = await reportsSoFar();
    const plain = mailOf({ type: "Content-Type: text/plain", body: "hello\r\n" });
    await submit(await signedBy(plain, scene.provider));
    expect(await nextReport(before)).to.match(
      /550 5\.7\.1 This mail is not encrypted.*turn encryption on/,
    );
  });

  it("is refused where it only looks encrypted, each by its name", async () => {
    // what no server carries: without an end of its last line, it adds one
    for (const { name, type, body, problem } of onlyLooksEncrypted(armored)) {
      const before = await reportsSoFar();
      await submit(
        await signedBy(
          mailOf({ type, body: body.endsWith("\r\n") ? body : `${body}\r\n` }),
          scene.provider,
        ),
      );
      const sentence = await nextReport(before);
      if (problem.test("plain"))
        expect(sentence, name).to.include("550 5.7.1 This mail is not encrypted");
      else expect(sentence, `${name}: ${sentence}`).to.match(problem);
    }
    expect(scene.bridge.received).to.have.length(0);
  });

  describe("is refused where its sender is forged", () => {
    for (const [name, forge, sentence] of [
      ["without a signature", (mail: string) => Promise.resolve(mail), /550 5\.7\.20 .*not signed/],
      [
        "signed by another domain",
        (mail: string) => signedBy(mail, providerOf("eve.test")),
        /550 5\.7\.20 .*only others signed it/,
      ],
      [
        "signed by a key that is not the domain's",
        (mail: string) => signedBy(mail, providerOf("mail.test")),
        /550 5\.7\.20 .*bad signature/,
      ],
      [
        "with another From in front of a signed one",
        async (mail: string) => `From: eve@mail.test\r\n${await signedBy(mail, scene.provider)}`,
        /550 5\.7\.1 The From field stands there more than once/,
      ],
      [
        "with an author exchanged after the signature",
        async (mail: string) =>
          (await signedBy(mail, scene.provider)).replace("From: alice@", "From: bob@"),
        /550 5\.7\.20 .*bad signature/,
      ],
      [
        "with a name that looks like an address",
        (mail: string) =>
          signedBy(
            mail.replace("From: alice@mail.test", 'From: "bob@mail.test" <alice@mail.test>,'),
            scene.provider,
          ),
        /550 5\.7\.1 The From field is not one plain address/,
      ],
    ] as const) {
      it(name, async () => {
        const before = await reportsSoFar();
        const body = encryptedBody(armored.replace("\r\n", `\r\nComment: ${++count}\r\n`));
        await submit(await forge(mailOf({ body })));
        expect(await nextReport(before)).to.match(sentence);
        expect(scene.bridge.received).to.have.length(0);
      });
    }
  });

  describe("is refused where an address is none", () => {
    for (const recipient of [
      '"carol.eth"x@bridge.test',
      '"carol.eth x"@bridge.test',
      "carol.eth/../dave.eth@bridge.test",
    ]) {
      it(recipient, async () => {
        const before = await reportsSoFar();
        const answer = await deliver(scene.postfix.port, await goodMail(), { to: [recipient] });
        if (answer.startsWith("5")) return;
        expect(await nextReport(before)).to.match(/^(?:host .* said: )?55\d 5\.1\.[13] |50\d /);
        expect(scene.bridge.received).to.have.length(0);
      });
    }
  });
});
