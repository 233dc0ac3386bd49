/** Mails that only look encrypted: each differs from a good one in one point. */
import { expect } from "chai";
import * as openpgp from "openpgp";
import { readEncryptedMail } from "../../../src/codecs/openpgp-mime/encryptedMail.js";
import { expectError } from "../../expectError.js";
import { mailOf, MailUser, newText } from "./mailUser.js";

const LITERAL_IN_ARMOR = openpgp.armor(
  openpgp.enums.armor.message,
  Uint8Array.from([0xcb, 0x0a, 0x62, 0, 0, 0, 0, 0, 0x74, 0x65, 0x78, 0x74]),
);

describe("the shape of an encrypted mail", () => {
  let mail: string;
  let message: Uint8Array;

  before(async () => {
    const [carol, bob] = await Promise.all([
      MailUser.make("carol.eth@mail.test"),
      MailUser.make("bob@mail.test"),
    ]);
    const { entity } = await carol.write(bob, newText("Hello"));
    const bytes = mailOf(carol.address, bob.address, entity);
    mail = Buffer.from(bytes).toString("latin1");
    ({ message } = readEncryptedMail(bytes));
  });

  const read = (text: string) => readEncryptedMail(Buffer.from(text, "latin1"));
  const armorOf = (...parts: readonly Uint8Array[]) =>
    openpgp.armor(openpgp.enums.armor.message, Buffer.concat(parts));
  const withArmor = (armor: string) =>
    mail.replace(/-----BEGIN PGP[^]*-----END PGP MESSAGE-----\r\n/, () =>
      armor.replace(/\r?\n/g, "\r\n"),
    );
  const boundaryIn = (text: string) => /boundary="([^"]+)"/.exec(text)![1]!;

  it("is good as our codec writes it, with LF, with a sentence for old clients, and without a checksum", () => {
    expect(read(mail).message).to.deep.equal(message);
    expect(read(mail.replaceAll("\r\n", "\n")).message).to.deep.equal(message);
    const told = mail.replace(
      "\r\n\r\n--",
      "\r\n\r\nThis is an OpenPGP/MIME encrypted message\r\n--",
    );
    expect(read(told).message).to.deep.equal(message);
    expect(read(withArmor(armorOf(message).replace(/\r?\n=.{4}/, ""))).message).to.deep.equal(
      message,
    );
  });

  for (const [what, change, sentence] of [
    [
      "armored text in text/plain",
      (text: string) =>
        text
          .replace(/multipart\/encrypted;[^]*?"\r\n boundary="[^"]+"/, "text/plain")
          .replace(
            /Content-Type: multipart\/encrypted[^]*?\r\n\r\n/,
            "Content-Type: text/plain\r\n\r\n",
          ),
      /text\/plain/,
    ],
    [
      "another protocol",
      (text: string) => text.replace("application/pgp-encrypted", "application/pkcs7-mime"),
      /type is multipart/,
    ],
    [
      "multipart/mixed around it",
      (text: string) => text.replace("multipart/encrypted", "multipart/mixed"),
      /multipart\/mixed/,
    ],
    [
      "no control part",
      (text: string) => text.replace("\r\nVersion: 1", "\r\nVersion: 2"),
      /first part/,
    ],
    [
      "three parts",
      (text: string) => text.replace(/(--=_\w+)--\r\n$/, "$1\r\n\r\nthird\r\n$1--\r\n"),
      /two parts/,
    ],
    [
      "one part",
      (text: string) => text.replace(/--=_\w+\r\nContent-Type: application\/pgp[^]*?(?=--=_)/, ""),
      /two parts/,
    ],
    ["text behind its parts", (text: string) => `${text}and this\r\n`, /beside its parts/],
    [
      "text before its parts",
      (text: string) => text.replace("\r\n\r\n--", `\r\n\r\n${"text ".repeat(80)}\r\n--`),
      /beside its parts/,
    ],
    [
      "a second part of another type",
      (text: string) => text.replace("application/octet-stream", "text/html"),
      /text\/html/,
    ],
    [
      "text before the armor",
      (text: string) => text.replace("-----BEGIN", "hello\r\n-----BEGIN"),
      /armor/,
    ],
    [
      "text behind the armor",
      (text: string) => text.replace("END PGP MESSAGE-----", "END PGP MESSAGE-----\r\nhello"),
      /armor/,
    ],
    [
      "two armored messages",
      (text: string) => text.replace(/-----BEGIN[^]*MESSAGE-----\r\n/, "$&$&"),
      /armor/,
    ],
    [
      "a signed text instead",
      (text: string) => text.replaceAll("PGP MESSAGE", "PGP SIGNED MESSAGE"),
      /armor/,
    ],
    [
      "damaged armor",
      (text: string) => text.replace(/(MESSAGE-----\r\n\r\n.{20})./, "$1*"),
      /damaged|armor/,
    ],
    [
      "a transfer encoding around it",
      (text: string) =>
        text.replace(
          'Content-Disposition: inline; filename="encrypted.asc"',
          "Content-Transfer-Encoding: base64",
        ),
      /encoded once more/,
    ],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const changed = change(mail);
      expect(changed).to.not.equal(mail);
      expectError(() => read(changed), "MAIL_NOT_ENCRYPTED", sentence);
    });
  }

  it("is refused with a literal packet in the place of the encrypted one", () => {
    expectError(() => read(withArmor(LITERAL_IN_ARMOR)), "MAIL_NOT_ENCRYPTED", /packet of type 11/);
  });

  it("is refused with a packet behind the encrypted one, or one cut off", () => {
    const more = armorOf(message, Uint8Array.from([0xcb, 0x01, 0x62]));
    expectError(() => read(withArmor(more)), "MAIL_NOT_ENCRYPTED", /behind the encrypted packet/);
    const less = armorOf(message.subarray(0, message.length - 1));
    expectError(() => read(withArmor(less)), "MAIL_NOT_ENCRYPTED", /ends within a packet/);
  });

  it("is refused without a session key, with too many, and with session keys alone", () => {
    const sessionKey = message.subarray(0, 2 + message[1]!);
    const encrypted = message.subarray(sessionKey.length);
    expectError(() => read(withArmor(armorOf(encrypted))), "MAIL_NOT_ENCRYPTED", /for nobody/);
    const many = armorOf(...Array<Uint8Array>(101).fill(sessionKey), encrypted);
    expectError(() => read(withArmor(many)), "MAIL_NOT_ENCRYPTED", /100 keys/);
    expectError(
      () => read(withArmor(armorOf(sessionKey))),
      "MAIL_NOT_ENCRYPTED",
      /no encrypted packet/,
    );
  });

  it("is refused where two readers could read it differently", () => {
    const boundary = boundaryIn(mail);
    const twice = mail.replace("boundary=", `boundary="other"; boundary=`);
    expectError(() => read(twice), "MAIL_MALFORMED", /ambiguous/);
    const fields = mail.replace(
      "Content-Type: multipart",
      "Content-Type: text/plain\r\nContent-Type: multipart",
    );
    expectError(() => read(fields), "MAIL_MALFORMED", /more than once/);
    const bare = mail.replace("Subject: ...", "Subject: ...\r\nno field");
    expectError(() => read(bare), "MAIL_MALFORMED", /no header field/);
    const none = mail.replace(`boundary="${boundary}"`, 'boundary=""');
    expectError(() => read(none), "MAIL_MALFORMED", /boundary/);
  });

  it("is refused when it is too long in any part", () => {
    const long = new Uint8Array(40_000_001);
    expectError(() => readEncryptedMail(long), "TOO_LARGE", /40000000 bytes/);
    expectError(() => read(`X: y\r\n`.repeat(501) + mail), "TOO_LARGE", /500 header fields/);
    expectError(() => read(`X: ${"y".repeat(263_000)}\r\n${mail}`), "TOO_LARGE", /262144 bytes/);
  });
});
