/** Reports of other servers about our mail, and our own about theirs. */
import { expect } from "chai";
import { createMessage, encrypt, readKey } from "openpgp";
import { providerOf } from "../../src/demo/mail/provider.js";
import type { NormalName } from "../../src/ens/normalize.js";
import { SignpostError } from "../../src/errors.js";
import { rateLimits } from "../../src/http/fairness/rateLimits.js";
import { readReport } from "../../src/mail/deliveryReport.js";
import { parseHeader } from "../../src/mail/headerFields.js";
import type { SealableReport, SealReport } from "../../src/mail/mailPorts.js";
import { USUAL_OUTBOUND } from "../../src/mail/outboundLimits.js";
import { parseNativeAddress } from "../../src/messaging/address/nativeAddress.js";
import { expectRejection } from "../expectError.js";
import {
  armoredFor,
  crlf,
  ENCRYPTED_TYPE,
  encryptedBody,
  mailOf,
  openPgpUser,
  signedBy,
} from "./mails.js";
import { carol, type MailScene, startScene } from "./mailScene.js";
import { startMailServer, type TestMailServer } from "./mailServer.js";
import { deliver } from "./smtpTalk.js";

const TOKEN = "abcdefghij0123456789";
const VERP = { from: "", to: [`r+${TOKEN}@bridge.test`] };

const reportType = 'multipart/report; report-type=delivery-status; boundary="r1"';
/** As postfix writes it. */
const report = (
  action: string,
  more = "Diagnostic-Code: smtp; 550 5.1.1 <alice@mail.test>: No such user",
  type = reportType,
) =>
  crlf(`From: MAILER-DAEMON@mail.test (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: r+${TOKEN}@bridge.test
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: ${type}

This is a MIME-encapsulated message.

--r1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry. Action: delivered

--r1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.mail.test
Arrival-Date: Thu,  1 Oct 2026 10:00:00 +0000 (UTC)

Final-Recipient: rfc822; alice@mail.test
Action: ${action}
Status: 5.1.1
${more}

--r1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.mail.test

Action: delivered

--r1--
`);

describe("mail: reports of other servers", () => {
  let scene: MailScene;
  before(async () => {
    scene = await startScene();
    scene.tokens.add(TOKEN);
  });
  after(() => scene.stop());
  beforeEach(() => {
    scene.reported.length = 0;
  });
  afterEach(() => {
    expect(scene.received).to.deep.equal([]);
  });

  for (const [action, is] of [
    ["failed", "refused"],
    ["delayed", "delayed"],
    ["delivered", "delivered"],
    ["Failed (bounced)", "refused"],
  ] as const) {
    it(`say ${action}: ${is}`, async () => {
      expect(await deliver(scene.port, report(action), VERP)).to.match(/^250 /);
      const sentence = "550 5.1.1 <alice@mail.test>: No such user";
      expect(scene.reported).to.deep.equal([{ token: TOKEN, is, sentence }]);
    });
  }

  it("give their status where they have no words, and no controls", async () => {
    await deliver(scene.port, report("failed", "X-Other: x"), VERP);
    await deliver(
      scene.port,
      report("failed", "Diagnostic-Code: smtp; 550 \u001b[31m red\r\n  and more"),
      VERP,
    );
    expect(scene.reported.map(({ sentence }) => sentence)).to.deep.equal([
      "5.1.1",
      "550 [31m red and more",
    ]);
  });

  it("are bounded: a copy of our mail behind them is not read", async () => {
    const long = report("failed").replace(
      "--r1--",
      `--r1\r\nContent-Type: message/rfc822\r\n\r\n${"x\r\n".repeat(300_000)}--r1--`,
    );
    expect(await deliver(scene.port, long, VERP)).to.match(/^250 /);
    expect(scene.reported).to.have.length(1);
    const late = report("failed").replace(
      "--r1\r\n",
      `--r1\r\n\r\n${"x\r\n".repeat(100_000)}--r1\r\n`,
    );
    expect(await deliver(scene.port, late, VERP)).to.match(/^550 5\.6\.0 /);
  });

  for (const [name, text] of [
    ["of another type", report("failed", undefined, 'multipart/mixed; boundary="r1"')],
    [
      "of reading",
      report(
        "failed",
        undefined,
        'multipart/report; report-type=disposition-notification; boundary="r1"',
      ),
    ],
    ["without a status part", report("failed").replaceAll("message/delivery-status", "text/plain")],
    ["that says nothing", report("relayed")],
    [
      "with two actions",
      report("failed\r\nAction: delayed").replace("Action: delivered\r\n\r\n--r1--", "--r1--"),
    ],
    ["that is chat", mailOf({ type: "Content-Type: text/plain", body: "hello\r\n" })],
  ] as const) {
    it(`are not those ${name}`, async () => {
      expect(await deliver(scene.port, text, VERP)).to.match(/^550 5\.6\.0 /);
      expect(scene.reported).to.deep.equal([]);
    });
  }

  describe("when forged", () => {
    it("about a message that is not ours: nobody's address", async () => {
      const to = ["r+bbbbbbbbbb0123456789@bridge.test"];
      expect(await deliver(scene.port, report("failed"), { from: "", to })).to.match(
        /^550 5\.1\.1 /,
      );
    });

    it("with a sender in the envelope", async () => {
      const options = { ...VERP, from: "alice@mail.test" };
      expect(await deliver(scene.port, report("failed"), options)).to.match(
        /^550 5\.7\.1 Only delivery reports/,
      );
    });

    it("to a user, or to a user as well", async () => {
      const to = ["carol.eth@bridge.test"];
      expect(await deliver(scene.port, report("failed"), { from: "", to })).to.match(
        /^550 5\.7\.1 /,
      );
      const both = { from: "", to: [...VERP.to, ...to] };
      expect(await deliver(scene.port, report("failed"), both)).to.match(/^550 5\.7\.1 /);
      expect(
        await deliver(scene.port, report("failed"), { from: "", to: [...VERP.to, ...VERP.to] }),
      ).to.match(/^550 5\.7\.1 /);
    });

    it("so that a token is only asked about where it can be one", async () => {
      const { isToken } = scene.events;
      scene.events.isToken = () => Promise.reject(new TypeError("asked"));
      for (const token of [
        "short",
        "x".repeat(61),
        "Abcdefghij0123456789!",
        "abcdefghij.0123456789",
      ]) {
        const to = [`r+${token}@bridge.test`];
        expect(await deliver(scene.port, report("failed"), { from: "", to })).to.match(
          /^55[03] 5\.1\.[13] /,
        );
      }
      expect(scene.troubles).to.deep.equal([]);
      scene.events.isToken = isToken;
    });
    afterEach(() => {
      expect(scene.reported).to.deep.equal([]);
    });
  });

  it("come again where the database is away", async () => {
    const { isToken, reported } = scene.events;
    const away = () => Promise.reject(new SignpostError("DATABASE_UNAVAILABLE", "Later."));
    scene.events.isToken = away;
    expect(await deliver(scene.port, report("failed"), VERP)).to.match(/^451 4\.3\.0 /);
    scene.events.isToken = isToken;
    scene.events.reported = away;
    expect(await deliver(scene.port, report("failed"), VERP)).to.match(/^451 4\.3\.0 /);
    scene.events.reported = reported;
    expect(await deliver(scene.port, report("failed"), VERP)).to.match(/^250 /);
  });
});

describe("mail: our own reports", () => {
  const alice = parseNativeAddress("alice@mail.test", "mail");
  const original = Buffer.from(
    mailOf({ body: "x" }).replace(/^Message-ID: .*$/m, "Message-ID: <m1@mail.test>"),
  );
  let server: TestMailServer;
  let scene: MailScene;
  let seal: SealReport;
  let onReport: () => unknown = () => undefined;

  const outlet = () => ({
    direct: {
      tls: "if offered" as const,
      port: server.port,
      mayConnect: (ip: string) => ip === "127.0.0.1",
    },
  });
  const start = async (most = 100) => {
    const made = await startScene(() => ({
      outlet: outlet(),
      sealReport: (one) => seal(one),
      outbound: { ...USUAL_OUTBOUND, reportsToPerson: most },
      counter: rateLimits(() => 0),
    }));
    made.dns.zones.set("mail.test", { A: ["127.0.0.1"] });
    return made;
  };
  before(async () => {
    server = await startMailServer({ onMail: () => void onReport() });
    scene = await start();
  });
  after(async () => {
    await scene.stop();
    await server.stop();
  });
  beforeEach(() => {
    server.mails.length = 0;
    server.answers.clear();
    seal = () => Promise.resolve(null);
  });

  const reportTo = (change: object = {}, through = scene) =>
    through.transport.reportTo({
      ...{ to: alice, recipient: carol, is: "failed", original },
      sentence: "Her node is away.",
      ...change,
    });
  const partsOf = (text: string) => {
    const [header = "", ...body] = text.split("\r\n\r\n");
    const chunk = Buffer.from(body.join("\r\n\r\n"));
    return { header: parseHeader(header.split("\r\n"))!, chunks: [chunk], length: chunk.length };
  };

  it("say who, whom, and why, by the null sender, signed", async () => {
    expect(await reportTo()).to.equal("sent");
    const [mail] = server.mails;
    expect([mail?.sender, mail?.recipients]).to.deep.equal(["", ["alice@mail.test"]]);
    expect(readReport(partsOf(mail!.text))).to.deep.equal({
      is: "refused",
      sentence: "Her node is away.",
    });
    expect(mail!.text.match(/^DKIM-Signature: /gm)).to.have.length(2);
    for (const line of [
      "From: <mailer-daemon@bridge.test>",
      "Auto-Submitted: auto-replied",
      "Final-Recipient: rfc822; carol.eth@bridge.test",
      "Action: failed",
      "Message-ID: <m1@mail.test>",
    ]) {
      expect(mail!.text).to.include(`\r\n${line}\r\n`);
    }
  });

  it("say that it is delayed", async () => {
    await reportTo({ is: "delayed" });
    expect(readReport(partsOf(server.mails[0]!.text))?.is).to.equal("delayed");
  });

  it("are understood by another bridge", async () => {
    const other = await startScene();
    other.tokens.add(TOKEN);
    await reportTo();
    expect(await deliver(other.port, server.mails[0]!.text, VERP)).to.match(/^250 /);
    expect(other.reported).to.deep.equal([
      { token: TOKEN, is: "refused", sentence: "Her node is away." },
    ]);
    await other.stop();
  });

  it("hold no line that a sentence or the mail brought with it", async () => {
    await reportTo({
      sentence: "No.\r\nAction: delivered\r\n\r\n--x\u00e9",
      recipient: "jürgen.eth" as NormalName,
      original: Buffer.from("Message-ID: <a\u0001b@mail.test>\r\nBcc: eve@mail.test\r\n\r\nsecret"),
    });
    const { text } = server.mails[0]!;
    expect(text).to.include("Diagnostic-Code: x-signpost; No. Action: delivered --x\r\n");
    expect(text.match(/^Action: /gm)).to.have.length(1);
    expect(text.match(/^Message-ID: /gm)).to.have.length(1);
    expect(text).not.to.match(/Bcc|secret/);
  });

  it("are encrypted where the person's key is known", async () => {
    const { publicKey } = await openPgpUser("alice@mail.test");
    const armored = await armoredFor(publicKey, "sealed");
    const sealed: SealableReport[] = [];
    seal = (one) => {
      sealed.push(one);
      return Promise.resolve({
        entity: Buffer.from(`${ENCRYPTED_TYPE}\r\n\r\n${encryptedBody(armored)}`),
        certificate: Buffer.alloc(300, 7),
      });
    };
    expect(await reportTo({ sentence: "Her node\r\nis \u00e4way." })).to.equal("sent");
    const { text, sender } = server.mails[0]!;
    expect(sender).to.equal("");
    expect(text)
      .to.include("Subject: ...")
      .and.to.include("Autocrypt: addr=mailer-daemon@bridge.test;")
      .and.to.include(`\r\n\r\n${encryptedBody(armored)}`);
    const [{ messageId, ...told } = { messageId: "" }] = sealed;
    expect(text).to.include(`\r\nMessage-ID: <${messageId}>\r\n`);
    expect(told).to.deep.equal({
      ...{ to: alice, recipient: carol, about: "<m1@mail.test>", action: "failed" },
      ...{ status: "5.0.0", sentence: "Her node is way." },
    });
  });

  it("are plain about a mail that has no one Message-ID, because nobody could tell which it was", async () => {
    seal = () => Promise.reject(new Error("asked"));
    await reportTo({ original: Buffer.from("Subject: x\r\n\r\nx") });
    expect(server.mails[0]!.text).to.include("multipart/report");
  });

  it("are so many a day to one person", async () => {
    const narrow = await start(1);
    expect(await reportTo({}, narrow)).to.equal("sent");
    expect(await reportTo({}, narrow)).to.equal("too many today");
    expect(server.mails).to.have.length(1);
    await narrow.stop();
  });

  it("are never about mail that no person wrote", async () => {
    for (const line of [
      "Auto-Submitted: auto-replied",
      "List-Id: <l.mail.test>",
      "Precedence: bulk",
    ]) {
      const automatic = Buffer.from(`${line}\r\n${original.toString()}`);
      expect(await reportTo({ original: automatic }), line).to.equal("not wanted");
    }
    expect(server.mails).to.have.length(0);
  });

  it("end where their reader's server refuses them: nobody reports about a report", async () => {
    server.answers.set("RCPT", [550, "5.1.1 Gone"]);
    expect(await reportTo()).to.equal("refused");
  });

  it("wait where the mail server is away", async () => {
    server.answers.set("RCPT", [451, "4.3.0 later"]);
    await expectRejection(reportTo(), "UNREACHABLE", /451/);
    expect(scene.troubles).to.deep.equal([]);
  });

  it("tell of the one recipient that refused, when another one took the mail", async () => {
    const provider = providerOf("mail.test", "ed25519");
    scene.dns.zones.set(provider.name, { TXT: [provider.record] });
    scene.events.received = ({ to }) =>
      to === "dave.eth"
        ? Promise.reject(new SignpostError("NOT_FOUND", "Dave has no profile."))
        : Promise.resolve();
    const { publicKey } = await openPgpUser("carol.eth@bridge.test");
    const message = await createMessage({ text: "hello" });
    const encryptionKeys = (await readKey({ armoredKey: publicKey })).toPublic();
    const armored = (await encrypt({ message, encryptionKeys })) as string;
    const mail = await signedBy(mailOf({ body: encryptedBody(crlf(armored.trimEnd())) }), provider);
    const to = ["carol.eth@bridge.test", "dave.eth@bridge.test"];
    expect(await deliver(scene.port, mail, { to })).to.match(/^250 /);
    expect(server.mails.map(({ text }) => readReport(partsOf(text))?.sentence)).to.deep.equal([
      "Dave has no profile.",
    ]);
    expect(server.mails[0]!.text).to.include("Final-Recipient: rfc822; dave.eth@bridge.test");
    expect(await deliver(scene.port, mail, { to }), "once more").to.match(/^250 /);
    expect(server.mails, "told once").to.have.length(1);

    const silent = await start(0);
    silent.dns.zones.set(provider.name, { TXT: [provider.record] });
    silent.events.received = scene.events.received;
    expect(await deliver(silent.port, mail, { to }), "told too often").to.match(/^451 4\.7\.1 /);
    await silent.stop();
  });

  it("tell each recipient once, where one of them waits and the mail comes again", async () => {
    const made = await start();
    const provider = providerOf("mail.test", "ed25519");
    made.dns.zones.set(provider.name, { TXT: [provider.record] });
    const { publicKey } = await openPgpUser("carol.eth@bridge.test");
    const body = encryptedBody(await armoredFor(publicKey, "hello"));
    const mail = await signedBy(mailOf({ body }), provider);
    const kept: string[] = [];
    made.events.received = ({ to }) => {
      if (to === "carol.eth") return Promise.resolve(void kept.push(to));
      return Promise.reject(new SignpostError("NOT_FOUND", `${to} has no profile.`));
    };
    const to = ["carol.eth", "dave.eth", "erin.eth"].map((name) => `${name}@bridge.test`);
    // the second report does not get out
    onReport = () => server.answers.set("RCPT", [451, "4.3.0 later"]);
    expect(await deliver(made.port, mail, { to }), "erin's is not told").to.match(/^451 /);
    onReport = () => undefined;
    server.answers.clear();
    expect(await deliver(made.port, mail, { to })).to.match(/^250 /);
    expect(server.mails.map(({ text }) => readReport(partsOf(text))?.sentence)).to.deep.equal([
      ...["dave.eth has no profile.", "erin.eth has no profile."],
    ]);
    expect(kept).to.deep.equal(["carol.eth"]);
    await made.stop();
  });
});
