/** Whether a mail is encrypted, without any key: real mail passes, and what only looks like it does not. */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import fc from "fast-check";
import { createMessage, encrypt, unarmor } from "openpgp";
import { encryptedShape } from "../../src/mail/encryptedShape.js";
import { parseHeader } from "../../src/mail/headerFields.js";
import { armoredFor, BOUNDARY, crlf, ENCRYPTED_TYPE, encryptedBody, openPgpUser } from "./mails.js";
import { armorOf, onlyLooksEncrypted, packet } from "./onlyLooksEncrypted.js";

/** Null: fit. "plain": not even by its header. */
function problemOf(type: string, body: string, pieces = [body.length]): string | null {
  const shape = encryptedShape(parseHeader(type.split("\r\n"))!);
  if (shape === null) return "plain";
  const bytes = Buffer.from(body, "latin1");
  let at = 0;
  for (const length of pieces) {
    shape.feed(bytes.subarray(at, at + length));
    at += length;
  }
  shape.feed(bytes.subarray(at));
  return shape.end();
}

describe("mail: the shape of an encrypted mail", () => {
  let armored: string;
  let publicKey: string;

  before(async () => {
    ({ publicKey } = await openPgpUser("carol.eth@bridge.test"));
    armored = await armoredFor(publicKey, "hello ".repeat(100));
  });

  it("is that of openpgp.js", () => {
    expect(problemOf(ENCRYPTED_TYPE, encryptedBody(armored))).to.equal(null);
  });

  it("is that of Delta Chat", async () => {
    const mail = crlf(await readFile("test/mail/delta-chat-2.62.eml", "latin1"));
    const [header = "", ...body] = mail.split("\r\n\r\n");
    expect(problemOf(header, body.join("\r\n\r\n"))).to.equal(null);
  });

  it("may come encrypted to a password as well", async () => {
    const message = await createMessage({ text: "hello" });
    const withPassword = (await encrypt({ message, passwords: ["a", "b"] })) as string;
    expect(problemOf(ENCRYPTED_TYPE, encryptedBody(crlf(withPassword.trimEnd())))).to.equal(null);
  });

  it("may come in pieces, with a checksum, or with the sentence for old mail apps", () => {
    const data = Buffer.from(
      armored.split("\r\n\r\n")[1]!.split("\r\n-----")[0]!.replace(/\r\n/g, ""),
      "base64",
    );
    // its last packet once more, as gpg writes it: 512 octets, then the rest
    const [session, body] = packetsOf(data);
    const inPieces = Buffer.concat([
      session!,
      Buffer.from([0xd2, 0xe9]),
      body!.subarray(0, 512),
      Buffer.from([body!.length - 512 < 192 ? body!.length - 512 : 0xff]),
      body!.subarray(512),
    ]);
    expect(body!.length - 512, "one octet of length").to.be.within(1, 191);
    const text = armorOf(inPieces).replace("-----END", "=abcd\r\n-----END");
    const sentence = "This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)\r\n";
    expect(problemOf(ENCRYPTED_TYPE, sentence + encryptedBody(text))).to.equal(null);
  });

  it("is the same however the bytes come", () => {
    const good = encryptedBody(armored);
    const bad = good.replace("Version: 1", "Version: 1\r\nhello");
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 60 }), (pieces) => {
        expect(problemOf(ENCRYPTED_TYPE, good, pieces)).to.equal(null);
        expect(problemOf(ENCRYPTED_TYPE, bad, pieces)).to.equal("its first part has text");
      }),
    );
  });

  it("does not survive the loss of any line that means something", () => {
    const lines = encryptedBody(armored).split("\r\n");
    const survivors = lines.filter((_, left) => {
      const rest = lines.filter((_, at) => at !== left).join("\r\n");
      return problemOf(ENCRYPTED_TYPE, rest) === null;
    });
    // the checksum is optional (RFC 9580, section 6.1)
    const meaningless = survivors.filter((line) => !/^=[A-Za-z0-9+/]{4}$/.test(line));
    expect([...new Set(meaningless)]).to.have.members([
      "",
      "Content-Description: PGP/MIME version identification",
      'Content-Disposition: inline; filename="encrypted.asc"',
    ]);
  });

  it("is refused by name in everything that only looks like it", () => {
    const cases = onlyLooksEncrypted(armored);
    expect(cases.length).to.be.at.least(12);
    for (const { name, type, body, problem } of cases) {
      expect(problemOf(type, body), name).to.match(problem);
    }
  });

  describe("has packets", () => {
    const problem = (...packets: Uint8Array[]) =>
      problemOf(ENCRYPTED_TYPE, encryptedBody(armorOf(Buffer.concat(packets))));
    const key = packet(1, Buffer.from([3, ...Buffer.alloc(90)]));
    const data = packet(18, Buffer.from([1, ...Buffer.alloc(80)]));

    it("that are keys and then encrypted data", () => {
      expect(problem(key, data)).to.equal(null);
      expect(problem(key, key, data)).to.equal(null);
    });

    it("with keys in the old format", () => {
      const old = Buffer.from([0x84, 91, 3, ...Buffer.alloc(90)]);
      expect(problem(old, data)).to.equal(null);
      const long = Buffer.from([0x85, 1, 12, 3, ...Buffer.alloc(267)]);
      expect(problem(long, data)).to.equal(null);
    });

    for (const [name, packets, expected] of [
      ["no key", [data], /no session key/],
      ["a key alone", [key], /ends too early/],
      ["a key after the data", [key, data, key], /something follows/],
      ["two packets of data", [key, data, data], /something follows/],
      ["data without protection of integrity", [key, packet(9, Buffer.alloc(90))], /type 9/],
      ["a literal packet", [packet(11, Buffer.from("b\0\0\0\0\0hello"))], /type 11/],
      [
        "a literal packet after a key",
        [key, packet(11, Buffer.from("b\0\0\0\0\0hello"))],
        /type 11/,
      ],
      ["a compressed packet", [packet(8, Buffer.alloc(40))], /type 8/],
      ["a signature", [packet(2, Buffer.alloc(40))], /type 2/],
      [
        "data of an unknown version",
        [key, packet(18, Buffer.from([7, ...Buffer.alloc(80)]))],
        /no known version/,
      ],
      [
        "data that is too short",
        [key, packet(18, Buffer.from([1, ...Buffer.alloc(20)]))],
        /too short/,
      ],
      ["a key of an unknown version", [packet(1, Buffer.alloc(90)), data], /no known version/],
      ["a key without a length", [Buffer.from([0x87, 3, ...Buffer.alloc(90)])], /has no length/],
      ["a key in pieces", [Buffer.from([0xc1, 0xe9, ...Buffer.alloc(600)])], /comes in pieces/],
      ["an empty key", [Buffer.from([0xc1, 0]), data], /wrong length/],
      ["data that is cut off", [key, data.subarray(0, 60)], /ends too early/],
      [
        "a first piece of 256 octets",
        [key, Buffer.from([0xd2, 0xe8, 1, ...Buffer.alloc(400)])],
        /too short/,
      ],
      ["no packet", [Buffer.from("hello, this is plain text")], /no OpenPGP packet/],
    ] as const) {
      it(`but not ${name}`, () => {
        expect(problem(...packets)).to.match(expected);
      });
    }
  });

  it("bounds lines and the headers of parts", () => {
    const long = encryptedBody(armored).replace(
      "Content-Description: ",
      `Content-Description: ${"x".repeat(1_000)}`,
    );
    expect(problemOf(ENCRYPTED_TYPE, long)).to.match(/longer than 998/);
    const many = Array.from({ length: 200 }, (_, n) => `X-${n}: ${"x".repeat(900)}`).join("\r\n");
    const header = encryptedBody(armored).replace(
      "Content-Description",
      `${many}\r\nContent-Description`,
    );
    expect(problemOf(ENCRYPTED_TYPE, header)).to.match(/header of a part is too long/);
  });

  it("does not come without a boundary, or with two types", () => {
    const without = ENCRYPTED_TYPE.replace(`; boundary="${BOUNDARY}"`, "");
    expect(problemOf(without, encryptedBody(armored))).to.match(/no boundary/);
    expect(problemOf(`${ENCRYPTED_TYPE}\r\n${ENCRYPTED_TYPE}`, encryptedBody(armored))).to.equal(
      "plain",
    );
  });

  it("of openpgp.js' own bytes is what it says it is", async () => {
    const { data } = (await unarmor(armored)) as { data: Uint8Array };
    expect(packetsOf(Buffer.from(data))).to.have.length(2);
  });
});

/** The first packet whole, and the body of the second one; both of the new format. */
function packetsOf(bytes: Buffer): readonly Buffer[] {
  const length = (at: number): readonly [length: number, octets: number] => {
    const first = bytes[at]!;
    if (first < 192) return [first, 1];
    if (first < 224) return [(first - 192) * 256 + bytes[at + 1]! + 192, 2];
    return [bytes.readUInt32BE(at + 1), 5];
  };
  const [first, octets] = length(1);
  const second = 1 + octets + first;
  const [, ofSecond] = length(second + 1);
  return [bytes.subarray(0, second), bytes.subarray(second + 1 + ofSecond)];
}
