/** Mails that only look encrypted, each with its name and what is wrong with it. Public reports tell of most of them. */
import { BOUNDARY, crlf, ENCRYPTED_TYPE, encryptedBody } from "./mails.js";

export interface FalseMail {
  readonly name: string;
  readonly type: string;
  readonly body: string;
  readonly problem: RegExp;
}

/** Of the new format, with a length of one or two octets. */
export function packet(tag: number, body: Uint8Array): Buffer {
  const { length } = body;
  const octets =
    length < 192 ? [length] : [Math.floor((length - 192) / 256) + 192, (length - 192) % 256];
  return Buffer.concat([Buffer.from([0xc0 | tag, ...octets]), body]);
}

export function armorOf(bytes: Uint8Array): string {
  const digits = Buffer.from(bytes)
    .toString("base64")
    .replace(/.{76}(?=.)/g, "$&\r\n");
  return `-----BEGIN PGP MESSAGE-----\r\n\r\n${digits}\r\n-----END PGP MESSAGE-----`;
}

const A_KEY = packet(1, Buffer.from([3, ...Buffer.alloc(90)]));

/** @param armored a message that is encrypted */
export function onlyLooksEncrypted(armored: string): readonly FalseMail[] {
  const good = encryptedBody(armored);
  const literal = armorOf(packet(11, Buffer.from("b\0\0\0\0\0hello")));
  const firstHeader = "Content-Type: application/pgp-encrypted";
  const secondHeader = "Content-Type: application/octet-stream";
  const of = (name: string, problem: RegExp, body: string, type = ENCRYPTED_TYPE): FalseMail => ({
    ...{ name, problem, body, type },
  });
  return [
    of("an armored text in text/plain", /^plain$/, armored, "Content-Type: text/plain"),
    of(
      "the parts under multipart/mixed",
      /^plain$/,
      good,
      `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
    ),
    of("a literal packet in the armor", /type 11, which is not encrypted/, encryptedBody(literal)),
    of(
      "a third part in plain text",
      /more than two parts/,
      good.replace(
        `--${BOUNDARY}--`,
        `--${BOUNDARY}\r\nContent-Type: text/plain\r\n\r\nhello\r\n--${BOUNDARY}--`,
      ),
    ),
    of(
      "packets after the encrypted data",
      /something follows/,
      encryptedBody(
        armorOf(
          Buffer.concat([
            A_KEY,
            packet(18, Buffer.from([1, ...Buffer.alloc(80)])),
            packet(11, Buffer.from("b\0\0\0\0\0hello")),
          ]),
        ),
      ),
    ),
    of("text before the first part", /text before its first part/, `hello\r\n${good}`),
    of("text after the last part", /text follows its last part/, `${good}hello\r\n`),
    of(
      "text before the armor",
      /no OpenPGP text/,
      good.replace("-----BEGIN", "hello\r\n-----BEGIN"),
    ),
    of(
      "text after the armor",
      /text follows its armor/,
      good.replace("MESSAGE-----\r\n\r\n--", "MESSAGE-----\r\nhello\r\n--"),
    ),
    of(
      "text in the first part",
      /first part has text/,
      good.replace("Version: 1", "Version: 1\r\nhello"),
    ),
    of(
      "a header of the armor with a text",
      /unknown header/,
      good.replace("MESSAGE-----\r\n", "MESSAGE-----\r\nText: hello\r\n"),
    ),
    of(
      "a signed text in the armor's place",
      /no OpenPGP text/,
      good.replaceAll("PGP MESSAGE", "PGP SIGNED MESSAGE"),
    ),
    of(
      "a public key in its place",
      /no OpenPGP text/,
      good.replaceAll("PGP MESSAGE", "PGP PUBLIC KEY BLOCK"),
    ),
    of(
      "the parts in the wrong order",
      /not application\/pgp-encrypted/,
      good.replace(firstHeader, secondHeader),
    ),
    of(
      "a second part of text/plain",
      /not application\/octet-stream/,
      good.replace(secondHeader, "Content-Type: text/plain"),
    ),
    of(
      "a second part in quoted-printable",
      /not application\/octet-stream/,
      good.replace(secondHeader, `Content-Transfer-Encoding: quoted-printable\r\n${secondHeader}`),
    ),
    of(
      "another protocol",
      /protocol is not that of OpenPGP/,
      good,
      ENCRYPTED_TYPE.replace("pgp-encrypted", "pkcs7-mime"),
    ),
    of("no version", /version is missing/, good.replace("Version: 1", "")),
    of("a message that is cut off", /ends too early/, good.slice(0, good.indexOf("-----END"))),
    of(
      "an armor within an armor",
      /holds something else/,
      good
        .replace("\r\n\r\n--=_b1--", `\r\n--=_b1--`)
        .replace(/(\r\n[A-Za-z0-9+/]{60}\r\n)/, `$1${literal}\r\n`),
    ),
    of(
      "an armor that goes on after its end",
      /holds something else/,
      encryptedBody(
        armorOf(Buffer.concat([A_KEY, packet(18, Buffer.from([1, ...Buffer.alloc(83)]))])).replace(
          "=\r\n",
          "=\r\nAAAA\r\n",
        ),
      ),
    ),
    of("no body", /ends too early/, crlf("")),
  ];
}
