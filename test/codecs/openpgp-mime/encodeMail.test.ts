import { expect } from "chai";
import * as openpgp from "openpgp";
import type { MessageId } from "../../../src/codecs/openpgp-mime/content/mailContent.js";
import type { WrittenContent } from "../../../src/codecs/openpgp-mime/content/writeContent.js";
import { encodeMail } from "../../../src/codecs/openpgp-mime/encodeMail.js";
import { readEncryptedMail } from "../../../src/codecs/openpgp-mime/encryptedMail.js";
import { readAutocrypt } from "../../../src/codecs/openpgp-mime/keys/autocrypt.js";
import { expectRejection } from "../../expectError.js";
import { mailOf, MailUser, newText } from "./mailUser.js";

const ABOUT = "<b4f1aaaaaaaaaaaa@mail.test>";
const FILE = {
  ...{ name: 'Übersicht "neu" mit einem sehr langen Namen, der nicht in eine Zeile geht.bin' },
  ...{ mediaType: "application/x-test", bytes: Buffer.from("line\r\n\ttrailing  \r\nÄ\0") },
};

describe("encoding a mail", () => {
  let carol: MailUser;
  let bob: MailUser;

  before(async () => {
    [carol, bob] = (await Promise.all(
      ["carol.eth@mail.test", "bob@mail.test"].map((one) => MailUser.make(one)),
    )) as [MailUser, MailUser];
  });

  const CONTENTS: readonly WrittenContent[] = [
    newText("Grüße\n-- \n> x\n"),
    { type: "NEW", text: `${"long ".repeat(400)}end`, files: [FILE, { ...FILE, name: "b" }] },
    { type: "NEW", text: "", files: [FILE] },
    { type: "REPLY", text: "> yes", about: ABOUT, quote: "question?\n-- ", files: [] },
    { type: "REPLY", text: "no quote", about: ABOUT, files: [FILE] },
    { type: "EDIT", text: "-- \nedited", about: ABOUT },
    { type: "REACTION", text: "👍 🎉", about: ABOUT },
    { type: "REACTION", text: "", about: ABOUT },
    { type: "DELETE_REQUEST", about: [ABOUT, "<second@mail.test>"] },
    { type: "READ_OPENED", about: ABOUT },
    {
      ...{ type: "REPORT", about: ABOUT, action: "failed", status: "5.1.1" },
      ...{ recipient: "dora.eth@mail.test", sentence: "dora.eth has no profile." },
    },
  ];
  for (const content of CONTENTS) {
    it(`is undone by decoding: ${JSON.stringify(content).slice(0, 50)}`, async () => {
      const { entity, messageId } = await carol.write(bob, content);
      const decoded = await bob.read(mailOf(carol.address, bob.address, entity));
      expect(decoded.messageId).to.equal(messageId);
      const read = JSON.parse(JSON.stringify(decoded.content)) as { text?: string; quote?: string };
      const wanted = JSON.parse(JSON.stringify(plainBytes(content))) as typeof read;
      const trimmed = (text: string | undefined) => text?.replace(/\n+$/, "");
      const quote = content.type === "REPLY" ? { quote: trimmed(content.quote ?? "…") } : {};
      expect(read).to.deep.equal({
        ...wanted,
        ...(wanted.text !== undefined && { text: trimmed(wanted.text) }),
        ...quote,
      });
    });
  }

  const plainBytes = (content: WrittenContent) =>
    "files" in content
      ? {
          ...content,
          files: content.files.map((file) => ({ ...file, bytes: Uint8Array.from(file.bytes) })),
        }
      : content;

  /** Of an entity: all that nobody has to decrypt, and what is inside. */
  async function sidesOf(entity: Uint8Array) {
    const outside = Buffer.from(entity).toString("latin1");
    const decryptionKeys = await openpgp.readPrivateKey({ binaryKey: bob.key.privateKey });
    const { message: binaryMessage } = readEncryptedMail(entity);
    const message = await openpgp.readMessage({ binaryMessage });
    const { data } = (await openpgp.decrypt({ message, decryptionKeys, format: "binary" })) as {
      readonly data: Uint8Array;
    };
    return { outside, inside: Buffer.from(data).toString(), binaryMessage };
  }

  it("shows nothing outside but the encryption, in lines with CRLF of 78 characters at most", async () => {
    const further = { fromName: "Carol Ä", subject: "a secret subject" };
    const { entity, messageId } = await carol.write(bob, newText("a secret"), further);
    const { outside: all, inside, binaryMessage } = await sidesOf(entity);
    for (const line of all.split("\r\n")) expect(line).to.match(/^[ -~]{0,78}$/);
    const outside = all.replace(/^Autocrypt-Gossip: .*\r\n(?: .*\r\n)*/, "");
    const [head = ""] = outside.split("\r\n\r\n");
    expect(head.replace(/\r\n /g, " ")).to.match(
      /^Content-Type: multipart\/encrypted; protocol="application\/pgp-encrypted"; boundary="=_[0-9a-f]{40}"$/,
    );
    for (const word of [
      "secret",
      "carol",
      "bob",
      messageId.slice(1, 10),
      "Chat-Version",
      "utocrypt",
    ]) {
      expect(outside, word).to.not.include(word);
      if (word !== "secret") expect(inside, word).to.include(word);
    }
    // SEIPD (tag 18), version 1
    const sessionKeyEnd = 2 + binaryMessage[1]!;
    expect(binaryMessage[sessionKeyEnd]! & 0x3f).to.equal(18);
  });

  it("hands the one receiver's certificate over to the bridge, and no other", async () => {
    const handedOver = (entity: Uint8Array) => {
      const [head = ""] = Buffer.from(entity).toString("latin1").split("\r\n\r\n");
      const [, value] = /^Autocrypt-Gossip: (.*)$/m.exec(head.replace(/\r\n /g, " ")) ?? [];
      return value === undefined ? null : readAutocrypt(value);
    };
    const mail = {
      ...{ from: carol.address, dateMs: Date.now(), content: newText("x") },
      messageId: ABOUT as MessageId,
      to: ["Bob@mail.test"],
    };
    const { privateKey } = carol.key;
    const certificates = [carol.certificate, bob.certificate];
    expect(handedOver(await encodeMail(mail, { privateKey, certificates }))).to.deep.equal({
      ...{ address: bob.address, certificate: bob.certificate },
    });
    const several = { ...mail, to: [bob.address, "dora@mail.test"] };
    expect(handedOver(await encodeMail(several, { privateKey, certificates }))).to.equal(null);
    const forSelf = { privateKey, certificates: [carol.certificate] };
    expect(handedOver(await encodeMail(mail, forSelf))).to.equal(null);
  });

  it("has identity, threading and the sender's certificate inside", async () => {
    const content = { type: "REPLY", text: "x", about: ABOUT, quote: "q", files: [] } as const;
    const { entity, messageId } = await carol.write(bob, content, { fromName: "Carol" });
    const { inside } = await sidesOf(entity);
    const [head = ""] = inside.split("\r\n\r\n");
    const fields = head.replace(/\r\n /g, " ").split("\r\n");
    expect(fields).to.include.members([
      ...["From: Carol <carol.eth@mail.test>", "To: <bob@mail.test>", `Message-ID: ${messageId}`],
      ...[`In-Reply-To: ${ABOUT}`, `References: ${ABOUT}`, "Chat-Version: 1.0", "Subject: Message"],
      'Content-Type: text/plain; charset=utf-8; protected-headers="v1"',
    ]);
    const autocrypt = fields.find((field) => field.startsWith("Autocrypt: "))!;
    expect(autocrypt).to.include("addr=carol.eth@mail.test; prefer-encrypt=mutual;");
    const keydata = autocrypt.split("keydata=")[1]!.replaceAll(" ", "");
    expect(keydata).to.equal(Buffer.from(carol.certificate).toString("base64"));
  });

  it("compresses, so that a large text takes little", async () => {
    const { entity } = await carol.write(bob, newText("the same words ".repeat(20_000)));
    expect(entity.length).to.be.below(10_000);
  });

  it("is refused for addresses, ids and times that are none, and without a receiver", async () => {
    for (const [further, sentence] of [
      [{ from: "carol" }, /has no @/],
      [{ to: ["bob@mail.test\r\nBcc: x@y.test"] }, /domain/],
      [{ to: [] }, /1 to 100/],
      [{ messageId: "<a b@c>" as MessageId }, /Message-ID/],
      [{ dateMs: Number.NaN }, /no time/],
    ] as const) {
      await expectRejection(carol.write(bob, newText("x"), further), "INVALID_REQUEST", sentence);
    }
    const forNobody = { address: bob.address, certificate: new Uint8Array([1]) };
    await expectRejection(
      carol.write(forNobody, newText("x")),
      "UNUSABLE_CERTIFICATE",
      /no OpenPGP/,
    );
  });

  it("puts no line of a name, subject or file into the header", async () => {
    const further = { fromName: "Carol\r\nBcc: a@b.test", subject: "x\r\nBcc: a@b.test" };
    const content = { type: "NEW", text: "x", files: [{ ...FILE, name: "a\r\nBcc: b" }] } as const;
    const { entity } = await carol.write(bob, content, further);
    const { inside } = await sidesOf(entity);
    expect(inside).to.not.match(/^Bcc/m);
  });
});
