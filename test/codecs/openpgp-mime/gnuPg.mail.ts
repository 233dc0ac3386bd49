/** GnuPG 2.2, unchanged: it opens what we write and verifies us as the signer, and we open and verify what it writes. */
import { expect } from "chai";
import { readEncryptedMail } from "../../../src/codecs/openpgp-mime/encryptedMail.js";
import { rotateMailKey } from "../../../src/codecs/openpgp-mime/keys/mailKey.js";
import { boundaryOf } from "../../../src/codecs/openpgp-mime/mime/entity.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { expectRejection } from "../../expectError.js";
import { GnuPg } from "./gnuPg.js";
import { type Correspondent, mailOf, MailUser, newText } from "./mailUser.js";

const BOB = "bob@mail.test";

describe("openpgp-mime with GnuPG", function () {
  this.timeout(180_000);
  let folder: string;
  let gpg: GnuPg;
  let bob: Correspondent;
  let carol: MailUser;

  before(async () => {
    folder = await temporaryFolder();
    gpg = await GnuPg.inFolder(`${folder}/gpg`);
    bob = { address: BOB, certificate: await gpg.makeKey(BOB) };
    carol = await MailUser.make("carol.eth@mail.test");
    await gpg.run(["--import"], carol.certificate);
  });
  after(async () => {
    await gpg.stop();
    await removeFolder(folder);
  });

  /** What somebody at a mail program with gpg writes. */
  async function gpgMail(inside: string, ...args: readonly string[]): Promise<Uint8Array> {
    const to = ["--recipient", carol.address, "--armor"];
    const { stdout } = await gpg.run(["--encrypt", ...to, ...args], inside);
    const boundary = boundaryOf("gpg");
    const entity = [
      `Content-Type: multipart/encrypted; boundary="${boundary}";`,
      ' protocol="application/pgp-encrypted"',
      "",
      "This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)",
      `--${boundary}`,
      "Content-Type: application/pgp-encrypted",
      "Content-Description: PGP/MIME version identification",
      "",
      "Version: 1",
      "",
      `--${boundary}`,
      'Content-Type: application/octet-stream; name="encrypted.asc"',
      "",
      stdout.toString(),
      `--${boundary}--`,
      "",
    ].join("\n");
    return mailOf(BOB, carol.address, Buffer.from(entity.replaceAll("\n", "\r\n")));
  }

  const PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\nHello Caröl\r\n-- \r\nBob\r\n";

  it("opens our mail and knows us as its signer", async () => {
    const { entity } = await carol.write(bob, newText("Hello Bob\n> really"));
    const { message } = readEncryptedMail(entity);
    const { stdout, stderr } = await gpg.run(["--decrypt"], message);
    expect(stderr).to.include("Good signature from");
    expect(stderr).to.include(carol.address);
    expect(stdout.toString()).to.match(/\r\n\r\nHello Bob\r\n> really$/);
    expect(stdout.toString()).to.include("From: <carol.eth@mail.test>\r\n");
  });

  it("imports our certificate by its address, and takes the newest subkey after a rotation", async () => {
    const { stdout } = await gpg.run(["--with-colons", "--list-keys", carol.address]);
    expect(stdout.toString()).to.include(carol.key.fingerprint);
    const rotated = await rotateMailKey(carol.key.privateKey);
    await gpg.run(["--import"], rotated.certificate);
    const mail = await gpgMail(PLAIN, "--sign", "--local-user", BOB);
    carol.contacts.set(BOB, bob.certificate);
    await expectRejection(carol.read(mail), "MAIL_NOT_FOR_THIS_KEY", /another one/);
    carol.key = rotated;
    expect((await carol.read(mail)).signer.is).to.equal("known");
  });

  it("is read by us, with the signer bound to the sender", async () => {
    carol.contacts.set(BOB, bob.certificate);
    const { content, signer, from } = await carol.read(
      await gpgMail(PLAIN, "--sign", "--local-user", BOB),
      BOB,
    );
    expect(from).to.equal(BOB);
    expect(signer.is).to.equal("known");
    expect(content).to.deep.equal(newText("Hello Caröl\n-- \nBob"));
  });

  it("is refused where it did not sign", async () => {
    await expectRejection(carol.read(await gpgMail(PLAIN)), "MAIL_UNSIGNED", /nobody signed/);
  });

  it("is refused where another key signed, and where the sender is not known", async () => {
    await gpg.makeKey("mallory@mail.test");
    const mail = await gpgMail(PLAIN, "--sign", "--local-user", "mallory@mail.test");
    carol.contacts.set(BOB, bob.certificate);
    await expectRejection(carol.read(mail), "CHANGED_CERTIFICATE", /another key/);
    carol.contacts.clear();
    await expectRejection(carol.read(mail), "UNKNOWN_MAIL_SIGNER", /no certificate/);
  });
});
