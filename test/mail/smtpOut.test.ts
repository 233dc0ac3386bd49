/** Mail out: its header, its signatures, its bytes, where it goes, and what the answers of servers mean. */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect } from "chai";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import getTLSOptions from "smtp-server/lib/tls-options.js";
import { providerOf } from "../../src/demo/mail/provider.js";
import type { NormalName } from "../../src/ens/normalize.js";
import { rateLimits } from "../../src/http/fairness/rateLimits.js";
import { type DkimKey, dkimRecord, readDkimKey } from "../../src/mail/dkimKeys.js";
import { openDkimSigner } from "../../src/mail/dkimSigner.js";
import { dnsResolver } from "../../src/mail/dnsResolver.js";
import { mailServersOf } from "../../src/mail/mailServers.js";
import { USUAL_OUTBOUND } from "../../src/mail/outboundLimits.js";
import { outerHeader } from "../../src/mail/outerHeader.js";
import { relaxedBodyHash } from "../../src/mail/relaxedBody.js";
import type { SmtpPeer } from "../../src/mail/smtpConnection.js";
import { exchange } from "../../src/mail/smtpExchange.js";
import { parseNativeAddress } from "../../src/messaging/address/nativeAddress.js";
import { expectError, expectRejection } from "../expectError.js";
import { armoredFor, crlf, ENCRYPTED_TYPE, encryptedBody, openPgpUser } from "./mails.js";
import { carol, DKIM_KEYS, type MailScene, startScene } from "./mailScene.js";
import { startMailServer, type TestMailServer } from "./mailServer.js";

const alice = parseNativeAddress("alice@mail.test", "mail");

describe("mail: SMTP out", () => {
  let server: TestMailServer;
  let scene: MailScene;
  let body: string;
  let certificate: Uint8Array | null;
  let count = 0;

  before(async () => {
    server = await startMailServer();
    const { publicKey } = await openPgpUser("alice@mail.test");
    body = encryptedBody(await armoredFor(publicKey, "hello "));
    scene = await startScene(() => ({
      outlet: direct(server.port),
      certificateOf: () => Promise.resolve(certificate),
    }));
  });
  after(async () => {
    await scene.stop();
    await server.stop();
  });
  beforeEach(() => {
    server.mails.length = 0;
    server.answers.clear();
    scene.known.add("alice@mail.test");
    certificate = null;
    scene.dns.zones.clear();
    scene.dns.zones.set("mail.test", { MX: [[10, "mx.mail.test"]] });
    scene.dns.zones.set("mx.mail.test", { A: ["127.0.0.1"] });
  });

  const direct = (port: number, tls: "if offered" | "required" | "verified" = "if offered") => ({
    direct: { tls, port, mayConnect: (ip: string) => ip.startsWith("127.0.0.") },
  });
  const freshToken = () => `token${String(++count).padStart(20, "0")}`;
  const send = (
    change: { bytes?: string; from?: NormalName; to?: typeof alice; token?: string } = {},
    through: MailScene = scene,
  ) => {
    const { bytes = `${ENCRYPTED_TYPE}\r\n\r\n${body}`, from = carol, to = alice } = change;
    const { token = freshToken() } = change;
    return through.transport.send({ from, to, token, bytes: Buffer.from(bytes, "latin1") });
  };
  const headerOf = (text: string) => text.split("\r\n\r\n")[0]!;

  it("has a header from a narrow alphabet, and the body as it was", async () => {
    const token = "abcdefghij0123456789";
    expect(await send({ token })).to.deep.equal({ is: "taken" });
    const [mail] = server.mails;
    expect(mail?.sender).to.equal(`r+${token}@bridge.test`);
    expect(mail?.recipients).to.deep.equal(["alice@mail.test"]);
    const id = createHash("sha256").update(token).digest("hex").slice(0, 40);
    const lines = headerOf(mail!.text)
      .replace(/\r\n[ \t]/g, " ")
      .split("\r\n");
    expect(lines.filter((line) => !line.startsWith("DKIM-Signature: "))).to.deep.equal([
      "From: <carol.eth@bridge.test>",
      "To: <alice@mail.test>",
      lines.find((line) => /^Date: \w{3}, \d{2} \w{3} \d{4} [\d:]{8} \+0000$/.test(line)),
      `Message-ID: <${id}@bridge.test>`,
      "Subject: ...",
      "MIME-Version: 1.0",
      'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="=_b1"',
    ]);
    expect(mail!.text.slice(headerOf(mail!.text).length + 4)).to.equal(body);
    expect(headerOf(mail!.text), "of the token").not.to.include(token);
  });

  it("carries blanks at ends of lines, dots and lines of 998 characters", async () => {
    const odd = body
      .replace("Version: 1\r\n", "Version: 1 \t\r\n\r\n\r\n")
      .replace(
        "Content-Disposition:",
        `X-Long: ${"x".repeat(990)}\r\nX-Dots: a\r\n .\r\n ..b  \r\nContent-Disposition:`,
      );
    expect(await send({ bytes: `${ENCRYPTED_TYPE}\r\n\r\n${odd}` })).to.deep.equal({ is: "taken" });
    const { text } = server.mails[0]!;
    expect(text.slice(headerOf(text).length + 4)).to.equal(odd);
  });

  it("has an Autocrypt header with the address of From, where the certificate is known", async () => {
    certificate = randomBytes(700);
    await send();
    const [, addr, keydata] =
      /^Autocrypt: addr=(\S+); prefer-encrypt=mutual;\r\n keydata=((?:\r\n [A-Za-z0-9+/=]{1,76})+)\r\n/m.exec(
        server.mails[0]!.text,
      ) ?? [];
    expect(addr).to.equal("carol.eth@bridge.test");
    expect(Buffer.from(keydata!.replace(/\s/g, ""), "base64")).to.deep.equal(certificate);
    certificate = randomBytes(8_000);
    await send();
    expect(server.mails[1]!.text).not.to.include("Autocrypt:");
  });

  it("takes no text that would end a line", () => {
    const header = { from: alice, to: alice, atMs: 0, messageId: "m@x.test", certificate: null };
    const withSubject = (subject: string) => () =>
      outerHeader({ ...header, subject, isAutomatic: false, mimeFields: [] });
    expect(withSubject("...")()).to.include("Subject: ...");
    for (const subject of ["a\r\nBcc: eve@mail.test", "a\nb", "a\rb", "\u00e9", "a\r\n"]) {
      expect(withSubject(subject), subject).to.throw(TypeError, "no field of a header");
    }
  });

  it("writes names that no address holds in their other form", async () => {
    expect(await send({ from: "jürgen.eth" as NormalName })).to.deep.equal({ is: "taken" });
    expect(server.mails[0]!.text).to.include("From: <x-nlb3y4thmvxc4zluna@bridge.test>");
  });

  describe("is signed", () => {
    const records = new Map(
      [DKIM_KEYS.rsa, DKIM_KEYS.ed25519].map((key) => {
        const { name, text } = dkimRecord(key, "bridge.test");
        return [name, text] as const;
      }),
    );
    const resultsOf = async (mail: string) => {
      const resolver = (name: string) => Promise.resolve([[records.get(name) ?? ""]]);
      const { results } = await dkimVerify(mail, { resolver, strict: true });
      return results.map(
        ({ algo, signingDomain, status }) => `${algo} ${signingDomain} ${status.result}`,
      );
    };
    const GOOD = ["rsa-sha256 bridge.test pass", "ed25519-sha256 bridge.test pass"];

    it("by both keys, for seven days, as another library verifies", async () => {
      certificate = randomBytes(700);
      await send();
      const { text } = server.mails[0]!;
      expect(await resultsOf(text)).to.deep.equal(GOOD);
      const [, from, until] = /t=(\d+); x=(\d+);/.exec(text) ?? [];
      expect(Number(until) - Number(from)).to.equal(7 * 24 * 3_600);
      expect(Math.abs(Number(from) - Date.now() / 1000)).to.be.below(60);
      expect(text).not.to.match(/\bl=\d/);
      for (const line of text.split("\r\n")) expect(line.length).to.be.most(998);
    });

    for (const name of [
      ...["From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "In-Reply-To"],
      ...["References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Autocrypt"],
      ...["Auto-Submitted", "Sender"],
    ]) {
      it(`so that no ${name} can be added`, async () => {
        await send();
        const { text } = server.mails[0]!;
        expect(await resultsOf(`X-Other: x\r\n${text}`)).to.deep.equal(GOOD);
        const added = await resultsOf(`${name}: x\r\n${text}`);
        expect(added.join()).not.to.include("pass");
      });
    }

    it("of each line of the body, in relaxed form", async () => {
      await send();
      const { text } = server.mails[0]!;
      expect(await resultsOf(text.replace("Version: 1", "Version: 2"))).not.to.deep.equal(GOOD);
      expect(await resultsOf(`${text}\r\n\r\n`)).to.deep.equal(GOOD);
      expect(await resultsOf(`${text}x\r\n`)).not.to.deep.equal(GOOD);
    });

    it("with a body hash that another library computes as well, however it lies in pieces", async () => {
      const filler = "x".repeat(997 - 2);
      const long = crlf(
        `${`${filler}\n`.repeat(65)}  a  b \t\n\n \n${`\n`.repeat(70_000)}end \n\n\n`,
      );
      const mail = `From: <a@bridge.test>\r\n\r\n${long}`;
      const signer = await openDkimSigner("bridge.test", DKIM_KEYS, Date.now);
      const signatures = await signer.sign(["From: <a@bridge.test>"], Buffer.from(long));
      expect(await resultsOf(`${signatures.join("\r\n")}\r\n${mail}`)).to.deep.equal(GOOD);
      const empty = createHash("sha256").digest("base64");
      expect(await relaxedBodyHash(Buffer.from("\r\n\r\n"))).to.equal(empty);
    });

    it("or the bridge does not start", async () => {
      const wrong = (keys: { rsa: DkimKey; ed25519: DkimKey }) =>
        openDkimSigner("bridge.test", keys, Date.now);
      const { rsa, ed25519 } = DKIM_KEYS;
      const sameSelector = { rsa, ed25519: { ...ed25519, selector: rsa.selector } };
      await expectRejection(wrong(sameSelector), "INVALID_CONFIGURATION", /a selector for each/);
      const pem = (kind: "rsa" | "ed25519", bits?: number) =>
        providerOf("x.test", kind, bits).privateKey.export({
          type: "pkcs8",
          format: "pem",
        }) as string;
      expectError(
        () => readDkimKey("rsa", "s", pem("ed25519")),
        "INVALID_CONFIGURATION",
        /no rsa key/,
      );
      expectError(
        () => readDkimKey("rsa", "s", pem("rsa", 1_024)),
        "INVALID_CONFIGURATION",
        /too short/,
      );
      expectError(() => readDkimKey("rsa", "S_1", pem("rsa")), "INVALID_CONFIGURATION", /selector/);
      expectError(
        () => readDkimKey("rsa", "s", "no key"),
        "INVALID_CONFIGURATION",
        /cannot be read/,
      );
    });
  });

  describe("refuses what is no finished encrypted entity", () => {
    for (const [name, change, problem] of [
      ["plaintext", () => "Content-Type: text/plain\r\n\r\nhello\r\n", /not multipart\/encrypted/],
      ["a subject", (good: string) => `Subject: hello\r\n${good}`, /belong inside/],
      ["a second From", (good: string) => `From: <eve@bridge.test>\r\n${good}`, /belong inside/],
      [
        "a header that goes on",
        (good: string) => good.replace("boundary=", "x\r\n\r\nboundary="),
        /not multipart|before its first/,
      ],
      [
        "a boundary with an end of line",
        (good: string) => good.replace('"=_b1"', '"=_b1\nBcc: eve@mail.test"'),
        /not multipart|cannot be read|belong/,
      ],
      [
        "bare LF",
        (good: string) => good.replace("Version: 1\r\n", "Version: 1\n"),
        /part of a CRLF/,
      ],
      [
        "bare CR",
        (good: string) => good.replace("Version: 1\r\n", "Version: 1\r"),
        /part of a CRLF/,
      ],
      [
        "a line of 999 characters",
        (good: string) =>
          good.replace("Content-Description: ", `Content-Description: ${"x".repeat(999)}`),
        /longer than 998/,
      ],
      [
        "bytes above ASCII",
        (good: string) => good.replace("PGP/MIME version", "PGP/MIME v\xe9rsion"),
        /not in ASCII/,
      ],
      ["no end of the last line", (good: string) => good.slice(0, -2), /last line/],
      ["no header", () => "hello", /no header/],
    ] as const) {
      it(name, async () => {
        const answer = await send({ bytes: change(`${ENCRYPTED_TYPE}\r\n\r\n${body}`) });
        expect(answer.is).to.equal("refused");
        expect(answer.is === "refused" && answer.sentence).to.match(problem);
        expect(server.mails).to.have.length(0);
      });
    }
  });

  describe("takes the answers of servers", () => {
    for (const command of ["MAIL", "RCPT", "DATA"] as const) {
      it(`5xx to ${command}: refused, in its words`, async () => {
        server.answers.set(command, [550, "5.1.1 No such person\u0007 here"]);
        expect(await send()).to.deep.equal({
          is: "refused",
          sentence: "550 5.1.1 No such person here",
        });
      });

      it(`4xx to ${command}: later`, async () => {
        server.answers.set(command, [451, "4.7.1 Greylisted"]);
        await expectRejection(send(), "UNREACHABLE", /451 4\.7\.1 Greylisted/);
      });

      it(`a connection that is cut after ${command}: later`, async () => {
        server.answers.set(command, "cut");
        await expectRejection(send(), "UNREACHABLE", /mail\.test did not take/);
      });
    }

    it("5xx as the greeting: later, since it is not about the mail", async () => {
      server.answers.set("CONNECT", [554, "No"]);
      await expectRejection(send(), "UNREACHABLE", /554/);
    });

    it("530: later, since it is about our account", async () => {
      server.answers.set("MAIL", [530, "5.7.0 Authentication required"]);
      await expectRejection(send(), "UNREACHABLE", /530/);
    });

    it("a size that it does not take: refused", async () => {
      const small = await startMailServer({ size: 100 });
      const other = await startScene((_, dns) => ({
        outlet: direct(small.port),
        resolve: dnsResolver([dns.server], 1_000),
      }));
      other.known.add("alice@mail.test");
      other.dns.zones.set("mail.test", { A: ["127.0.0.1"] });
      expect(await send({}, other)).to.deep.equal({
        is: "refused",
        sentence: "The mail is larger than its server takes.",
      });
      await other.stop();
      await small.stop();
    });

    it("a word now and then, and no end: later", async () => {
      // lines of one answer that goes on: it is never silent
      const dripping = createServer((socket) => {
        const drip = setInterval(() => socket.write("220-wait\r\n"), 20);
        socket.on("close", () => {
          clearInterval(drip);
        });
        socket.on("error", () => undefined);
      }).listen(0, "127.0.0.1");
      await once(dripping, "listening");
      const { port } = dripping.address() as AddressInfo;
      const where = { host: "127.0.0.1", port, name: "mx.mail.test" };
      const peer: SmtpPeer = { ...where, tls: "if offered", isImplicitTls: false, account: null };
      const mail = { sender: null, recipient: "alice@mail.test", parts: [], length: 0 };
      const answer = await exchange(peer, "bridge.test", mail, 300);
      expect(answer).to.deep.equal({
        is: "unreachable",
        reason: "It was too slow.",
        before: true,
      });
      await new Promise((resolve) => dripping.close(resolve));
    });

    it("nobody there: later", async () => {
      const gone = await startScene(() => ({ outlet: direct(1) }));
      gone.known.add("alice@mail.test");
      gone.dns.zones.set("mail.test", { A: ["127.0.0.1"] });
      await expectRejection(send({}, gone), "UNREACHABLE", /ECONNREFUSED/);
      await gone.stop();
    });
  });

  describe("finds mail servers", () => {
    const { zones } = { zones: () => scene.dns.zones };

    it("by preference", async () => {
      zones().set("mail.test", {
        MX: [
          [20, "mx.mail.test"],
          [10, "first.mail.test"],
          [30, "last.mail.test"],
        ],
      });
      zones().set("first.mail.test", { A: ["127.0.0.2", "127.0.0.3"] });
      zones().set("last.mail.test", { A: ["127.0.0.4"] });
      const found = await mailServersOf("mail.test", dnsResolver([scene.dns.server]), () => true);
      expect(
        found.is === "servers" && found.servers.map(({ ip }) => ip.slice(-1)).sort(),
      ).to.deep.equal(["1", "2", "3", "4"]);
      expect(found.is === "servers" && found.servers.map(({ name }) => name)).to.deep.equal([
        ...["first.mail.test", "first.mail.test"],
        ...["mx.mail.test", "last.mail.test"],
      ]);
    });

    it("and takes the next one where the first one is away, or is not found", async () => {
      zones().set("mail.test", {
        MX: [
          [10, "away.mail.test"],
          [20, "broken.mail.test"],
          [30, "mx.mail.test"],
        ],
      });
      zones().set("away.mail.test", { A: ["127.0.0.2"] });
      zones().set("broken.mail.test", { trouble: "failing" });
      expect(await send()).to.deep.equal({ is: "taken" });
    });

    it("but no other one when the first one may have the mail", async () => {
      zones().set("mx.mail.test", { A: ["127.0.0.1"] });
      zones().set("mail.test", {
        MX: [
          [10, "mx.mail.test"],
          [20, "mx.mail.test"],
        ],
      });
      server.answers.set("DATA", "cut");
      await expectRejection(send(), "UNREACHABLE", /did not take/);
      expect(server.mails).to.have.length(1);
    });

    it("in the domain itself, where it names none", async () => {
      zones().set("mail.test", { A: ["127.0.0.1"] });
      expect(await send()).to.deep.equal({ is: "taken" });
    });

    it("never in a private network", async () => {
      zones().set("mx.mail.test", { A: ["10.0.0.1"] });
      expect(await send()).to.deep.equal({
        is: "refused",
        sentence: "The mail server of mail.test has no public address.",
      });
    });

    it("none where the domain says so, or does not exist", async () => {
      zones().set("mail.test", { MX: [[0, ""]] });
      expect(await send()).to.deep.equal({ is: "refused", sentence: "mail.test takes no mail." });
      zones().clear();
      expect(await send()).to.deep.equal({
        is: "refused",
        sentence: "The mail server of mail.test has no address.",
      });
    });

    it("later, where DNS does not answer", async () => {
      zones().set("mail.test", { trouble: "silent" });
      await expectRejection(send(), "UNREACHABLE", /could not be found out/);
      zones().set("mail.test", { MX: [[10, "mx.mail.test"]] });
      zones().set("mx.mail.test", { trouble: "failing" });
      await expectRejection(send(), "UNREACHABLE", /could not be found out/);
    });

    it("not in its own domain", async () => {
      const to = parseNativeAddress("dave.eth@bridge.test", "mail");
      expect((await send({ to })).is).to.equal("refused");
    });
  });

  describe("uses TLS", () => {
    let withTls: TestMailServer;
    before(async () => {
      withTls = await startMailServer({ hasTls: true });
    });
    after(() => withTls.stop());

    const sendBy = async (port: number, rule: "if offered" | "required" | "verified") => {
      const other = await startScene(() => ({ outlet: direct(port, rule) }));
      other.known.add("alice@mail.test");
      other.dns.zones.set("mail.test", { A: ["127.0.0.1"] });
      try {
        return await send({}, other);
      } finally {
        await other.stop();
      }
    };

    it("where it is offered, whatever the certificate", async () => {
      expect(await sendBy(withTls.port, "if offered")).to.deep.equal({ is: "taken" });
      expect(await sendBy(withTls.port, "required")).to.deep.equal({ is: "taken" });
      expect(withTls.mails.map(({ isTls }) => isTls)).to.deep.equal([true, true]);
    });

    it("or not at all where it is required and not offered", async () => {
      await expectRejection(sendBy(server.port, "required"), "UNREACHABLE", /it has no TLS/);
      expect(server.mails).to.have.length(0);
    });

    it("with a certificate of its name where that is required", async () => {
      await expectRejection(sendBy(withTls.port, "verified"), "UNREACHABLE", /certificate/);
    });
  });

  describe("goes through a smarthost", () => {
    const through = async (password: string, needsLogin = true) => {
      const host = await startMailServer({ needsLogin });
      const other = await startScene(() => ({
        outlet: {
          through: {
            ...{ host: "127.0.0.1", port: host.port, tls: "if offered" as const },
            ...{ isImplicitTls: false, account: { user: "bridge", password } },
          },
        },
      }));
      other.known.add("alice@mail.test");
      try {
        return { host, answer: await send({}, other) };
      } finally {
        await other.stop();
        await host.stop();
      }
    };

    it("with an account, and asks DNS for no mail servers", async () => {
      const { host, answer } = await through("right");
      expect(answer).to.deep.equal({ is: "taken" });
      expect(host.logins).to.deep.equal(["bridge right"]);
      expect(host.mails).to.have.length(1);
    });

    it("and waits where the account is refused, since the operator can mend that", async () => {
      const error = await expectRejection(through("secret"), "UNREACHABLE", /535/);
      expect(JSON.stringify([error.message, error.details])).not.to.include("secret");
    });
  });

  it("limits first mails of one sender, to one person, and to one domain", async () => {
    for (const [bound, from, to] of [
      ["coldToPerson", "dave.eth", "alice@mail.test"],
      ["coldOfSender", "carol.eth", "bob@other.test"],
      ["coldToDomain", "dave.eth", "bob@mail.test"],
    ] as const) {
      const narrow = await startScene(() => ({
        outlet: direct(server.port),
        outbound: { ...USUAL_OUTBOUND, [bound]: 1 },
        counter: rateLimits(() => 0),
      }));
      narrow.dns.zones.set("mail.test", { A: ["127.0.0.1"] });
      narrow.dns.zones.set("other.test", { A: ["127.0.0.1"] });
      expect(await send({}, narrow)).to.deep.equal({ is: "taken" });
      const person = parseNativeAddress(to, "mail");
      const next = () =>
        send({ from: bound === "coldToPerson" ? carol : (from as NormalName), to: person }, narrow);
      const { details } = await expectRejection(
        next(),
        "UNREACHABLE",
        /more than the limit of 1 .*waits/,
      );
      // whoever is answered meanwhile need not wait for a day
      expect(details["retryAfterSec"]).to.equal(300);
      expect(details["ofSender"] === true, bound).to.equal(bound !== "coldToDomain");
      narrow.known.add(to);
      expect(await next(), bound).to.deep.equal({ is: "taken" });
      await narrow.stop();
    }
  });

  it("counts a first mail once, however often it is tried", async () => {
    const narrow = await startScene(() => ({
      outlet: direct(server.port),
      outbound: { ...USUAL_OUTBOUND, coldToPerson: 1 },
      counter: rateLimits(() => 0),
    }));
    narrow.dns.zones.set("mail.test", { A: ["127.0.0.1"] });
    const token = freshToken();
    server.answers.set("RCPT", [451, "4.7.1 Greylisted"]);
    await expectRejection(send({ token }, narrow), "UNREACHABLE", /Greylisted/);
    server.answers.clear();
    expect(await send({ token }, narrow)).to.deep.equal({ is: "taken" });
    await expectRejection(send({}, narrow), "UNREACHABLE", /more than the limit/);
    await narrow.stop();
  });

  it("is proven to another bridge, over TLS", async () => {
    const { key, cert } = getTLSOptions({});
    const other = await startScene((usual) => ({
      mailDomain: "other.test",
      inlet: { ...usual.inlet, tls: { key: key as string, cert: cert as string } },
    }));
    for (const key of [DKIM_KEYS.rsa, DKIM_KEYS.ed25519]) {
      const { name, text } = dkimRecord(key, "bridge.test");
      other.dns.zones.set(name, { TXT: [text] });
    }
    const first = await startScene(() => ({ outlet: direct(other.port, "required") }));
    first.dns.zones.set("other.test", { A: ["127.0.0.1"] });
    const to = parseNativeAddress("dave.eth@other.test", "mail");
    expect(await send({ to }, first)).to.deep.equal({ is: "taken" });
    expect(
      other.received.map((one) => [one.from.localPart, one.from.domain, one.to]),
    ).to.deep.equal([["carol.eth", "bridge.test", "dave.eth"]]);
    await first.stop();
    await other.stop();
  });

  it("sends nothing to people who opted out", async () => {
    scene.optedOut.add("alice@mail.test");
    expect(await send()).to.deep.equal({
      is: "refused",
      sentence: "This person wants no mail from here.",
    });
    scene.optedOut.clear();
    expect(await send()).to.deep.equal({ is: "taken" });
  });
});
