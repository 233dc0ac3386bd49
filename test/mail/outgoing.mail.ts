/** Mail from the bridge to a real postfix, and the reports that come back. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { dkimRecord } from "../../src/mail/dkimKeys.js";
import { parseNativeAddress } from "../../src/messaging/address/nativeAddress.js";
import { expectRejection } from "../expectError.js";
import { armoredFor, crlf, ENCRYPTED_TYPE, encryptedBody, openPgpUser } from "./mails.js";
import { carol, DKIM_KEYS } from "./mailScene.js";
import { type PostfixScene, reportIn, startPostfixScene } from "./postfixScene.js";
import { deliver } from "./smtpTalk.js";
import { until } from "./until.js";

const GPG = "/usr/bin/gpg";

describe("mail: to postfix", () => {
  let scene: PostfixScene;
  let body: string;
  let count = 0;

  before(async () => {
    scene = await startPostfixScene();
    const { publicKey } = await openPgpUser("alice@mail.test");
    body = encryptedBody(await armoredFor(publicKey, "hello"));
    for (const user of ["alice", "nobody", "refused", "later", "bounced", "delayed"]) {
      scene.bridge.known.add(`${user}@mail.test`);
    }
  });
  after(() => scene.stop());
  beforeEach(() => {
    scene.bridge.reported.length = 0;
  });

  const sendTo = (user: string, entity = body) => {
    const token = `t${String(++count).padStart(20, "0")}`;
    scene.bridge.tokens.add(token);
    const bytes = Buffer.from(`${ENCRYPTED_TYPE}\r\n\r\n${entity}`);
    const to = parseNativeAddress(`${user}@mail.test`, "mail");
    return { token, answer: scene.bridge.transport.send({ from: carol, to, bytes, token }) };
  };
  /** As postfix delivered it, with CRLF again and without what it wrote in front. */
  const lastMailOf = async (user: string, before: number) => {
    const mails = await until(async () => {
      const all = await scene.postfix.mailsOf(user);
      return all.length > before && all;
    });
    return crlf(mails.at(-1)!);
  };

  it("arrives, with the body as it was and signatures that hold", async () => {
    expect(await sendTo("alice").answer).to.deep.equal({ is: "taken" });
    const mail = await lastMailOf("alice", 0);
    expect(mail.slice(mail.indexOf("\r\n\r\n") + 4)).to.equal(body);
    const records = new Map(
      [DKIM_KEYS.rsa, DKIM_KEYS.ed25519].map((key) => {
        const { name, text } = dkimRecord(key, "bridge.test");
        return [name, text] as const;
      }),
    );
    const resolver = (name: string) => Promise.resolve([[records.get(name) ?? ""]]);
    const { results } = await dkimVerify(mail, { resolver });
    expect(results.map(({ status }) => status.result)).to.deep.equal(["pass", "pass"]);
    expect(mail).to.match(/^Return-Path: <r\+t0{19}\d+@bridge\.test>/m);
  });

  it("is opened by gpg, and gpg's own mail passes", async () => {
    const home = await mkdtemp(join(tmpdir(), "signpost-gpg-"));
    const gpg = (args: readonly string[], input?: string) =>
      execFileSync(
        GPG,
        ["--homedir", home, "--batch", "--quiet", "--trust-model", "always", ...args],
        {
          ...(input === undefined ? {} : { input }),
          ...{ stdio: ["pipe", "pipe", "ignore"], maxBuffer: 64 * 1024 * 1024 },
        },
      ).toString();
    try {
      gpg([
        "--passphrase",
        "",
        "--quick-generate-key",
        "alice@mail.test",
        "future-default",
        "default",
        "never",
      ]);
      const armored = await armoredFor(
        gpg(["--armor", "--export", "alice@mail.test"]),
        "hello from DM3",
      );
      const before = (await scene.postfix.mailsOf("alice")).length;
      expect(await sendTo("alice", encryptedBody(armored)).answer).to.deep.equal({ is: "taken" });
      const [message = ""] =
        /-----BEGIN[^]*-----END PGP MESSAGE-----/.exec(await lastMailOf("alice", before)) ?? [];
      expect(gpg(["--decrypt"], message)).to.equal("hello from DM3");

      const text = "hello from gpg ".repeat(100_000);
      const ofGpg = gpg(
        ["--armor", "--encrypt", "--compress-level", "0", "-r", "alice@mail.test"],
        text,
      );
      const later = (await scene.postfix.mailsOf("alice")).length;
      expect(await sendTo("alice", encryptedBody(crlf(ofGpg.trimEnd()))).answer).to.deep.equal({
        is: "taken",
      });
      const [back = ""] =
        /-----BEGIN[^]*-----END PGP MESSAGE-----/.exec(await lastMailOf("alice", later)) ?? [];
      expect(gpg(["--decrypt"], back)).to.equal(text);
    } finally {
      execFileSync(`${GPG}conf`, ["--homedir", home, "--kill", "all"]);
      await rm(home, { recursive: true, force: true });
    }
  });

  it("is refused in postfix' words: at RCPT, and after DATA", async () => {
    const atRcpt = await sendTo("nobody").answer;
    expect(atRcpt.is === "refused" && atRcpt.sentence).to.match(/^550 5\.1\.1 .*nobody@mail\.test/);
    const afterData = await sendTo("refused").answer;
    expect(afterData.is === "refused" && afterData.sentence).to.match(
      /^55\d 5\.7\.1 .*Not this mail/,
    );
    expect(await scene.postfix.mailsOf("refused")).to.deep.equal([]);
  });

  it("waits at 451", async () => {
    await expectRejection(sendTo("later").answer, "UNREACHABLE", /451 4\.7\.1 .*Greylisted/);
  });

  it("comes back as a report when it could not be delivered after all", async () => {
    const { token, answer } = sendTo("bounced");
    expect(await answer).to.deep.equal({ is: "taken" });
    const report = await until(() => scene.bridge.reported[0]);
    expect(report.token).to.equal(token);
    expect(report.is).to.equal("refused");
    expect(report.sentence).to.match(/550 5\.2\.2 .*The mailbox is full/);
  });

  it("comes back as delayed, and then as refused", async () => {
    const { token, answer } = sendTo("delayed");
    expect(await answer).to.deep.equal({ is: "taken" });
    const reports = await until(() => scene.bridge.reported.length >= 2 && scene.bridge.reported);
    expect(reports.map((one) => [one.token, one.is])).to.deep.equal([
      [token, "delayed"],
      [token, "refused"],
    ]);
  });

  it("believes no report about a message that is not ours, nor one of a sender", async () => {
    const report = reportMail();
    for (const [from, to] of [
      ["", "r+unknown00000000000000@bridge.test"],
      ["alice@mail.test", `r+t${"1".padStart(20, "0")}@bridge.test`],
    ] as const) {
      expect(await deliver(scene.postfix.port, report, { from, to: [to] })).to.match(/^250 /);
    }
    await until(async () =>
      / 5\.1\.1 Nobody has the address r\+unknown/.test(await scene.postfix.log()),
    );
    await until(async () => / 5\.7\.1 Only delivery reports/.test(await scene.postfix.log()));
    expect(scene.bridge.reported).to.deep.equal([]);
  });

  it("reports to a mail user whose mail was taken in vain", async () => {
    const told = await scene.bridge.transport.reportTo({
      to: parseNativeAddress("alice@mail.test", "mail"),
      recipient: carol,
      is: "failed",
      sentence: "Her relay node does not answer.",
      original: Buffer.from("Message-ID: <m1@mail.test>\r\n\r\nx"),
    });
    expect(told).to.equal("sent");
    const mail = await until(async () =>
      (await scene.postfix.mailsOf("alice")).find((one) => one.includes("<m1@mail.test>")),
    );
    expect(reportIn(mail)).to.deep.equal({
      is: "refused",
      sentence: "Her relay node does not answer.",
    });
    expect(mail).to.include("Return-Path: <>");
  });
});

function reportMail(): string {
  return crlf(`From: MAILER-DAEMON@mail.test
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="r1"

--r1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.mail.test

Final-Recipient: rfc822; alice@mail.test
Action: failed
Status: 5.1.1

--r1--
`);
}
