/** Every row of the decision table of docs/mail-wire.md, over SMTP, with keys and policies from a real DNS server. */
import { expect } from "chai";
import { type Provider, providerOf } from "../../src/demo/mail/provider.js";
import { armoredFor, encryptedBody, mailOf, openPgpUser, signedBy } from "./mails.js";
import { type MailScene, startScene } from "./mailScene.js";
import { deliver } from "./smtpTalk.js";

const HOUR_MS = 3_600_000;

describe("mail: who wrote it", () => {
  let scene: MailScene;
  /** Another one in each test, since the same one once more is kept once. */
  let body: string;
  let bodies = 0;
  let armored: string;
  let provider: Provider;
  const strangers = providerOf("other.test");

  before(async () => {
    scene = await startScene();
    const { publicKey } = await openPgpUser("carol.eth@bridge.test");
    armored = await armoredFor(publicKey, "hello");
    provider = providerOf("mail.test");
  });
  after(() => scene.stop());
  beforeEach(() => {
    body = encryptedBody(armored.replace("\r\n", `\r\nComment: ${++bodies}\r\n`));
    scene.received.length = 0;
    scene.known.clear();
    scene.dns.zones.clear();
    scene.dns.asked.length = 0;
    scene.dns.zones.set(provider.name, { TXT: [provider.record] });
    scene.dns.zones.set("mail.test", {});
  });

  const send = (mail: string, options?: Parameters<typeof deliver>[2]) =>
    deliver(scene.port, mail, options);
  const signed = (more: readonly string[] = [], from = "alice@mail.test") =>
    signedBy(mailOf({ body, more, from }), provider);
  afterEach(() => {
    expect(scene.troubles).to.deep.equal([]);
  });
  const expectNothingKept = () => {
    expect(scene.received).to.have.length(0);
  };
  const expectKept = (answer: string) => {
    expect(answer).to.match(/^250 2\.6\.0 /);
    expect(scene.received).to.have.length(1);
  };

  it("accepts a mail that the author's domain signed, with its raw bytes", async () => {
    const mail = await signed();
    expect(await send(mail)).to.match(/^250 2\.6\.0 /);
    const [message] = scene.received;
    expect(message?.from).to.deep.equal({ localPart: "alice", domain: "mail.test" });
    expect(message?.to).to.equal("carol.eth");
    expect(Buffer.from(message!.bytes).toString()).to.equal(mail);
  });

  it("accepts Ed25519, and the form of From with a name", async () => {
    const young = providerOf("mail.test", "ed25519");
    scene.dns.zones.set(young.name, { TXT: [young.record] });
    const mail = mailOf({ body, from: '"=?utf-8?q?Al=C3=AFce?=" <Alice@Mail.test>' });
    expectKept(await send(await signedBy(mail, young)));
    expect(scene.received[0]?.from).to.deep.equal({ localPart: "alice", domain: "mail.test" });
  });

  describe("refuses a From that programs could read differently", () => {
    for (const [name, from] of [
      ["two addresses", "alice@mail.test, bob@mail.test"],
      ["a group", "friends: alice@mail.test;"],
      ["a comment", "alice@mail.test (Alice)"],
      ["no address", "Alice"],
      ["a quoted local part", '"alice"@mail.test'],
      ["an address as its name", '"bob@mail.test" alice@mail.test'],
    ] as const) {
      it(name, async () => {
        expect(await send(await signed([], from))).to.match(/^550 5\.7\.1 The From field/);
        expectNothingKept();
      });
    }

    it("two fields", async () => {
      const mail = await signed(["From: bob@mail.test"]);
      expect(await send(mail)).to.match(/^550 5\.7\.1 The From field stands there more than once/);
    });

    it("none", async () => {
      const mail = (await signed()).replace(/^From: /m, "X-From: ");
      expect(await send(mail)).to.match(/^550 5\.7\.1 The From field is missing/);
    });

    it("not in ASCII", async () => {
      expect(await send(await signed([], "álice@mail.test"))).to.match(/^550 5\.6\.7 /);
    });
  });

  it("refuses the null sender for users", async () => {
    expect(await send(await signed(), { from: "" })).to.match(
      /^550 5\.7\.1 Mail with an empty sender/,
    );
    expectNothingKept();
  });

  for (const [name, line] of [
    ["of a list", "List-Id: <news.mail.test>"],
    ["of a list, by its precedence", "Precedence: bulk"],
    ["automatic", "Auto-Submitted: auto-replied"],
  ] as const) {
    it(`takes signed mail that is ${name} from known people alone`, async () => {
      expect(await send(await signed([line]))).to.match(/^550 5\.7\.1 Automatic mail/);
      expectNothingKept();
      scene.known.add("alice@mail.test");
      expectKept(await send(await signed([line])));
    });
  }

  it("is not disturbed by Auto-Submitted: no", async () => {
    expectKept(await send(await signed(["Auto-Submitted: no"])));
  });

  describe("says later where it could not find out", () => {
    for (const trouble of ["silent", "failing"] as const) {
      it(`the key: DNS is ${trouble}`, async () => {
        scene.dns.zones.set(provider.name, { trouble });
        expect(await send(await signed())).to.match(/^451 4\.7\.5 .*the key of its signature/);
      });
    }

    it("the DMARC policy", async () => {
      scene.dns.zones.set("_dmarc.mail.test", { trouble: "failing" });
      expect(await send(mailOf({ body }))).to.match(/^451 4\.7\.5 .*the DMARC policy/);
    });

    it("the SPF record", async () => {
      scene.dns.zones.set("mail.test", { trouble: "failing" });
      expect(await send(mailOf({ body }))).to.match(/^451 4\.7\.5 .*its SPF record/);
    });

    it("but not where a good signature stands beside one that could not be looked up", async () => {
      const young = providerOf("mail.test", "ed25519");
      scene.dns.zones.set(young.name, { trouble: "silent" });
      expectKept(await send(await signedBy(await signed(), young)));
    });
  });

  describe("a relative of the author's domain", () => {
    const parent = providerOf("mail.test");
    const from = "alice@sub.mail.test";
    beforeEach(() => {
      scene.dns.zones.set(parent.name, { TXT: [parent.record] });
      scene.dns.zones.set("_dmarc.mail.test", { TXT: ["v=DMARC1; p=none"] });
      scene.dns.zones.set("sub.mail.test", {});
    });
    const signedByParent = () => signedBy(mailOf({ body, from }), parent);

    it("does not vouch for somebody new", async () => {
      expect(await send(await signedByParent())).to.match(/^550 5\.7\.22 .*signed by mail\.test/);
      expectNothingKept();
    });

    it("does not vouch for a known person whom it never signed for", async () => {
      scene.known.add(from);
      expect(await send(await signedByParent())).to.match(/^550 5\.7\.22 /);
    });

    it("vouches where it signed a proven mail of that person before", async () => {
      const own = providerOf("sub.mail.test");
      scene.dns.zones.set(own.name, { TXT: [own.record] });
      expectKept(await send(await signedBy(await signedByParent(), own)));
      body = encryptedBody(armored.replace("\r\n", "\r\nComment: another\r\n"));
      scene.received.length = 0;
      expect(await send(await signedByParent()), "forgotten").to.match(/^550 5\.7\.22 /);
      scene.known.add(from);
      expectKept(await send(await signedByParent()));
    });
  });

  describe("refuses what proves nothing", () => {
    it("SPF alone, although DMARC would pass", async () => {
      scene.dns.zones.set("mail.test", { TXT: ["v=spf1 ip4:127.0.0.1 -all"] });
      scene.dns.zones.set("_dmarc.mail.test", { TXT: ["v=DMARC1; p=reject"] });
      expect(await send(mailOf({ body }))).to.match(/^550 5\.7\.20 .*\(it is not signed\)/);
      expectNothingKept();
    });

    it("no signature", async () => {
      expect(await send(mailOf({ body }))).to.match(/^550 5\.7\.20 /);
    });

    it("a signature of somebody else, whose key is not even looked up", async () => {
      scene.dns.zones.set(strangers.name, { TXT: [strangers.record] });
      const mail = await signedBy(mailOf({ body }), strangers);
      expect(await send(mail)).to.match(/^550 5\.7\.20 .*only others signed it/);
      expect(scene.dns.asked.join()).not.to.include("other.test");
    });

    it("another body", async () => {
      const mail = (await signed()).replace("Version: 1\r\n\r\n", "Version: 1\r\n");
      expect(await send(mail)).to.match(/^550 5\.7\.20 .*body hash/);
    });

    it("another author", async () => {
      const mail = (await signed()).replace("From: alice@", "From: bob@");
      expect(await send(mail)).to.match(/^550 5\.7\.20 .*bad signature/);
    });

    it("a signature that is over", async () => {
      const times = { signedAtMs: Date.now() - 5 * HOUR_MS, expiresMs: Date.now() - HOUR_MS };
      expect(await send(await signedBy(mailOf({ body }), provider, times))).to.match(
        /^550 5\.7\.20 /,
      );
    });

    it("a signature of eight days ago", async () => {
      const times = { signedAtMs: Date.now() - 8 * 24 * HOUR_MS };
      expect(await send(await signedBy(mailOf({ body }), provider, times))).to.match(
        /^550 5\.7\.20 .*too old/,
      );
    });

    it("a signature of tomorrow", async () => {
      const times = { signedAtMs: Date.now() + 24 * HOUR_MS };
      expect(await send(await signedBy(mailOf({ body }), provider, times))).to.match(
        /^550 5\.7\.20 /,
      );
    });

    it("a signature that leaves out the end of the body", async () => {
      const mail = await signedBy(mailOf({ body }), provider, { bodyLength: body.length });
      expect(await send(mail)).to.match(/^550 5\.7\.20 .*does not cover the whole mail/);
    });

    it("a domain without the key", async () => {
      scene.dns.zones.delete(provider.name);
      expect(await send(await signed())).to.match(/^550 5\.7\.20 .*no key/);
    });

    it("a key that is withdrawn", async () => {
      scene.dns.zones.set(provider.name, { TXT: ["v=DKIM1; k=rsa; p="] });
      expect(await send(await signed())).to.match(/^550 5\.7\.20 /);
    });

    it("a key for testing", async () => {
      scene.dns.zones.set(provider.name, { TXT: [provider.record.replace("k=rsa", "k=rsa; t=y")] });
      expect(await send(await signed())).to.match(/^550 5\.7\.20 .*for testing/);
    });

    it("a key of 512 bits", async () => {
      const weak = providerOf("mail.test", "rsa", 512);
      scene.dns.zones.set(weak.name, { TXT: [weak.record] });
      expect(await send(await signedBy(mailOf({ body }), weak))).to.match(
        /^550 5\.7\.20 .*weak-key/,
      );
    });

    it("rsa-sha1", async () => {
      const mail = await signedBy(mailOf({ body }), provider, { algorithm: "rsa-sha1" });
      expect(await send(mail)).to.match(/^550 5\.7\.20 .*weak/);
    });
  });

  it("fifty foreign signatures cost few questions", async () => {
    let mail = await signed();
    for (let n = 0; n < 50; n++) {
      mail = `DKIM-Signature: v=1; a=rsa-sha256; d=d${n}.test; s=s; h=from; bh=x; b=eA==\r\n${mail}`;
    }
    expectKept(await send(mail));
    expect(scene.dns.asked.length).to.be.below(5);
  });

  it("refuses mail from addresses of its own domain", async () => {
    const own = providerOf("bridge.test");
    scene.dns.zones.set(own.name, { TXT: [own.record] });
    const mail = await signedBy(mailOf({ body, from: "dave.eth@bridge.test" }), own);
    expect(await send(mail)).to.match(/^550 5\.7\.1 Mail from addresses of bridge\.test/);
  });
});
