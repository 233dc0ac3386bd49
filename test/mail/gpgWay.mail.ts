/** The whole way between DM3 and somebody whose mail program has gpg: it finds nothing of ours special. */
import { createHash, randomBytes } from "node:crypto";
import { expect } from "chai";
import { readEncryptedMail } from "../../src/codecs/openpgp-mime/encryptedMail.js";
import { boundaryOf } from "../../src/codecs/openpgp-mime/mime/entity.js";
import type { Dm3MailUser, MailPerson } from "../../src/demo/dm3MailUser.js";
import type { Mailbox } from "../../src/demo/mail/mailboxes.js";
import { reads } from "../../src/demo/mailConversation.js";
import { type MailNetwork, startMailNetwork } from "../../src/demo/mailNetwork.js";
import { exchange } from "../../src/mail/smtpExchange.js";
import { writeVCard } from "../../src/sdk/openpgpMimeNode.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { GnuPg } from "../codecs/openpgp-mime/gnuPg.js";
import { mailOf } from "../codecs/openpgp-mime/mailUser.js";
import { until } from "./until.js";

const DORA = "dora@mail.test";
const PASSWORD = "secret";

describe("the whole way between DM3 and gpg", function () {
  this.timeout(360_000);
  let network: MailNetwork;
  let carol: Dm3MailUser;
  let to: MailPerson;
  let gpg: GnuPg;
  let inbox: Mailbox;
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
    gpg = await GnuPg.inFolder(`${folder}/gpg`);
    const certificate = await gpg.makeKey(DORA);
    network = await startMailNetwork({
      ...{ databaseUrl: undefined, onStep: () => undefined },
      reportFailure: (error) => {
        console.error(error);
      },
    });
    inbox = network.provider.accounts.add({ address: DORA, password: PASSWORD });
    carol = await network.newDm3User("carol");
    to = await network.introduce(carol, writeVCard({ address: DORA, name: "Dora", certificate }));
    await gpg.run(["--import"], carol.key.certificate);
  });
  after(async () => {
    await gpg.stop();
    await network.stop();
    await removeFolder(folder);
  });

  it("opens what a DM3 user wrote, a file of 5 MB as well, with a good signature of its sender", async () => {
    const bytes = randomBytes(5_000_000);
    const data = `data:application/octet-stream;base64,${bytes.toString("base64")}`;
    await carol.write(to, { type: "NEW", text: "Hello Dora", attachments: [{ name: "a", data }] });
    const mail = await until(() => inbox.mails[0]);
    const { message } = readEncryptedMail(mail.bytes);
    const { stdout, stderr } = await gpg.run(["--decrypt"], message);
    expect(stderr).to.include(`Good signature from "<${carol.address}>"`);
    const text = stdout.toString("latin1");
    expect(text).to.match(/\r\n\r\nHello Dora\r\n/);
    const file = text.split("Content-Transfer-Encoding: base64").at(-1)!;
    const [, base64 = ""] = file.split("\r\n\r\n");
    expect(sha256Of(Buffer.from(base64, "base64"))).to.equal(sha256Of(bytes));
  });

  it("is read by the DM3 user, with its signature and a file of 5 MB, through its provider's mail server", async () => {
    const bytes = randomBytes(5_000_000);
    const inside = [
      `Content-Type: multipart/mixed; boundary="b"`,
      ...["", "--b", "Content-Type: text/plain; charset=utf-8", "", "Hello Carol", "--b"],
      "Content-Type: application/octet-stream",
      'Content-Disposition: attachment; filename="hers.bin"',
      ...["Content-Transfer-Encoding: base64", ""],
      ...bytes.toString("base64").match(/.{1,76}/g)!,
      ...["--b--", ""],
    ].join("\r\n");
    const mail = await encrypted(inside);
    expect(await sendAsDora(mail)).to.deep.equal({ is: "taken" });
    const { from, signer, content, mail: got } = await reads(carol, "Hello Carol");
    expect({ from, signer }).to.deep.equal({ from: DORA, signer: "known" });
    const [file] = "attachments" in content ? (content.attachments ?? []) : [];
    const back = Buffer.from(file!.data.split(",")[1]!, "base64");
    expect(sha256Of(back)).to.equal(sha256Of(bytes));
    // the bridge and the provider put lines in front, and change nothing behind
    expect(Buffer.from(got!).subarray(-mail.length).equals(mail)).to.equal(true);
  });

  it("is refused at its own server where it is not encrypted", async () => {
    const plain = mailOf(
      DORA,
      carol.address,
      Buffer.from("Content-Type: text/plain\r\n\r\nHi\r\n"),
    );
    const answer = await sendAsDora(Buffer.from(plain));
    expect(answer).to.have.property("is", "refused");
    expect(answer)
      .to.have.property("sentence")
      .that.matches(/encrypt/);
  });

  async function encrypted(inside: string): Promise<Buffer> {
    const { stdout } = await gpg.run(
      ["--encrypt", "--sign", "--local-user", DORA, "--recipient", carol.address, "--armor"],
      inside,
    );
    const boundary = boundaryOf("gpg");
    const entity = [
      `Content-Type: multipart/encrypted; boundary="${boundary}"; protocol="application/pgp-encrypted"`,
      ...["", `--${boundary}`, "Content-Type: application/pgp-encrypted", "", "Version: 1", ""],
      ...[`--${boundary}`, "Content-Type: application/octet-stream", ""],
      ...[stdout.toString().replaceAll("\n", "\r\n"), `--${boundary}--`, ""],
    ].join("\r\n");
    return Buffer.from(mailOf(DORA, carol.address, Buffer.from(entity)));
  }

  const sendAsDora = (mail: Buffer) =>
    exchange(
      {
        ...{ host: "127.0.0.1", port: network.provider.smtpPort, name: "mail.test" },
        ...{ tls: "if offered", isImplicitTls: false },
        account: { user: DORA, password: PASSWORD },
      },
      "client.mail.test",
      { sender: DORA, recipient: carol.address, parts: [mail], length: mail.length },
    );
});

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
