import { expect } from "chai";
import fc from "fast-check";
import * as openpgp from "openpgp";
import { encryptedEntity } from "../../../src/codecs/openpgp-mime/encryptedEntity.js";
import { autocryptField } from "../../../src/codecs/openpgp-mime/keys/autocrypt.js";
import { isSignpostError } from "../../../src/errors.js";
import { expectRejection } from "../../expectError.js";
import { forgedMail } from "./forgedMail.js";
import { mailOf, MailUser, newText } from "./mailUser.js";

const TEXT = newText("Hello Bob");

describe("decoding a mail", () => {
  let carol: MailUser;
  let bob: MailUser;
  let mallory: MailUser;
  let mail: Uint8Array;

  before(async () => {
    [carol, bob, mallory] = (await Promise.all(
      ["carol.eth@mail.test", "bob@mail.test", "mallory@mail.test"].map((one) =>
        MailUser.make(one),
      ),
    )) as [MailUser, MailUser, MailUser];
    const { entity } = await carol.write(bob, TEXT);
    mail = mailOf(carol.address, bob.address, entity);
  });
  beforeEach(() => {
    bob.contacts.clear();
    bob.contacts.set(carol.address, carol.certificate);
  });

  /** Signed by Carol, with this text inside. */
  const signed = (inside: string, further: Partial<Parameters<typeof forgedMail>[0]> = {}) =>
    forgedMail({ inside, to: bob, signedBy: carol, outerFrom: carol.address, ...further });
  const BODY = "Content-Type: text/plain\r\n\r\nHello Bob";
  const insideFrom = (from: string) => `From: <${from}>\r\n${BODY}`;

  it("gives what was written, by whom, and to whom", async () => {
    const decoded = await bob.read(mail, carol.address);
    expect(decoded.content).to.deep.equal(TEXT);
    expect(decoded.from).to.equal(carol.address);
    expect(decoded.to).to.deep.equal([bob.address]);
    expect(decoded.messageId).to.match(/^<[a-z2-7]{26}@mail\.test>$/);
    expect(decoded.dateMs).to.be.closeTo(Date.now(), 60_000);
    expect(decoded.signer.is).to.equal("known");
    expect(decoded.signer.fingerprint).to.equal(carol.key.fingerprint);
    expect(decoded.signer.signedAtMs).to.be.closeTo(Date.now(), 60_000);
  });

  it("names a sender whom nobody knew new, and hands on the certificate", async () => {
    bob.contacts.clear();
    const { signer } = await bob.read(mail);
    expect(signer.is).to.equal("new");
    expect(signer.certificate).to.deep.equal(carol.certificate);
  });

  it("knows the person by the fingerprint, from another address", async () => {
    const moved = await signed(
      `From: <carol@elsewhere.test>\r\n${fieldText(autocryptField({ address: "carol@elsewhere.test", certificate: carol.certificate }))}${BODY}`,
      { outerFrom: "carol@elsewhere.test" },
    );
    const { signer, from } = await bob.read(moved);
    expect([signer.is, from]).to.deep.equal(["moved", "carol@elsewhere.test"]);
  });

  it("takes a mail without identity inside from a sender who is known, as gpg writes it", async () => {
    const { from, content, to } = await bob.read(await signed(BODY));
    expect([from, content, to]).to.deep.equal([carol.address, TEXT, []]);
  });

  it("tells the beginning of a message from the rest, and both from a whole one", async () => {
    const from = `From: <${carol.address}>\r\nMessage-ID: <own@mail.test>\r\nChat-Version: 1.0\r\n`;
    const metadata = 'Chat-Post-Message-Metadata: {"size":7,"filename":"a.bin"}\r\n';
    const rest = "Chat-Post-Message-ID: <rest@mail.test>\r\n";
    const known = { is: "beginning", fileName: "a.bin", fileBytes: 7 };
    const unknown = { is: "beginning", fileName: null, fileBytes: null };
    for (const [fields, part, messageId] of [
      [rest + metadata, known, "<rest@mail.test>"],
      [rest, unknown, "<rest@mail.test>"],
      [`${rest}Chat-Post-Message-Metadata: null\r\n`, unknown, "<rest@mail.test>"],
      ["Chat-Is-Post-Message: 1\r\n", { is: "rest" }, "<own@mail.test>"],
      ["", { is: "whole" }, "<own@mail.test>"],
    ] as const) {
      const decoded = await bob.read(await signed(from + fields + BODY));
      expect(decoded.part).to.deep.equal(part);
      expect(decoded.messageId).to.equal(messageId);
    }
  });

  it("refuses what is encrypted for somebody else", async () => {
    const { entity } = await carol.write(mallory, TEXT);
    const other = mailOf(carol.address, bob.address, entity);
    await expectRejection(bob.read(other), "MAIL_NOT_FOR_THIS_KEY", /another one/);
  });

  it("refuses another sender inside than outside, and than expected", async () => {
    const inside = await signed(insideFrom(carol.address), { outerFrom: mallory.address });
    await expectRejection(bob.read(inside), "MAIL_SENDER_MISMATCH", /carol.*inside.*mallory/);
    await expectRejection(bob.read(mail, "dora@mail.test"), "MAIL_SENDER_MISMATCH", /handed over/);
  });

  it("refuses a header inside that has two senders, in one field or two", async () => {
    const both = await signed(`From: <${carol.address}>, <${mallory.address}>\r\n${BODY}`);
    await expectRejection(bob.read(both), "MAIL_MALFORMED", /not one address/);
    const twice = await signed(`From: <${carol.address}>\r\n${insideFrom(carol.address)}`);
    await expectRejection(bob.read(twice), "MAIL_MALFORMED", /more than once/);
  });

  it("refuses a mail that nobody signed", async () => {
    const unsigned = await forgedMail({
      ...{ inside: insideFrom(carol.address), to: bob, outerFrom: carol.address },
    });
    await expectRejection(bob.read(unsigned), "MAIL_UNSIGNED", /nobody signed/);
  });

  it("refuses a signature over something else", async () => {
    const changed = await signed(insideFrom(carol.address), {
      change: (packets) => (packets[1] = literal(`${insideFrom(carol.address)}!`)),
    });
    await expectRejection(bob.read(changed), "WRONG_MAIL_SIGNATURE", /does not hold/);
  });

  it("refuses a signature over something else by a key that the mail itself brings", async () => {
    bob.contacts.clear();
    const field = autocryptField({ address: carol.address, certificate: carol.certificate });
    const inside = fieldText(field) + insideFrom(carol.address);
    const changed = await signed(inside, {
      change: (packets) => (packets[1] = literal(`${inside}!`)),
    });
    await expectRejection(bob.read(changed), "WRONG_MAIL_SIGNATURE", /does not hold/);
  });

  it("refuses more signatures than people give", async () => {
    const many = await signed(insideFrom(carol.address), {
      change: (packets) => {
        const [first, text, last] = packets.splice(0, 3);
        const five = <One>(one: One) => Array.from({ length: 5 }, () => one);
        packets.push(...five(first!), text!, ...five(last!));
      },
    });
    await expectRejection(bob.read(many), "MAIL_MALFORMED", /its signatures/);
  });

  it("refuses another text behind the compressed one", async () => {
    const more = await signed(insideFrom(carol.address), {
      change: (packets) => {
        const compressed = new openpgp.CompressedDataPacket();
        const inner = new openpgp.PacketList<openpgp.AnyPacket>();
        inner.push(...packets.splice(0, 3));
        Object.assign(compressed, { packets: inner, algorithm: openpgp.enums.compression.zlib });
        packets.push(compressed, literal("another"));
      },
    });
    await expectRejection(bob.read(more), "MAIL_MALFORMED", /not one text/);
  });

  it("refuses another key under an address that is known, whether the mail brings it or not", async () => {
    const forged = { signedBy: mallory };
    const silent = await signed(insideFrom(carol.address), forged);
    const quiet = await expectRejection(bob.read(silent), "CHANGED_CERTIFICATE", /another key/);
    expect(quiet.details).to.deep.equal({
      ...{ address: carol.address, known: [carol.key.fingerprint], offered: null },
    });
    const field = autocryptField({ address: carol.address, certificate: mallory.certificate });
    const open = await signed(fieldText(field) + insideFrom(carol.address), forged);
    const told = await expectRejection(bob.read(open), "CHANGED_CERTIFICATE", /another key/);
    expect(told.details["offered"]).to.equal(mallory.key.fingerprint);
  });

  it("refuses a signer whom nobody knows and the mail does not bring, or brings for another address", async () => {
    bob.contacts.clear();
    await expectRejection(bob.read(await signed(BODY)), "UNKNOWN_MAIL_SIGNER", /no certificate/);
    const field = autocryptField({ address: mallory.address, certificate: carol.certificate });
    const other = await signed(fieldText(field) + insideFrom(carol.address));
    await expectRejection(bob.read(other), "UNKNOWN_MAIL_SIGNER", /no certificate/);
  });

  it("refuses what was written to somebody else and encrypted again", async () => {
    const to = `To: <dora@mail.test>\r\n${insideFrom(carol.address)}`;
    await expectRejection(bob.read(await signed(to)), "MAIL_RECEIVER_MISMATCH", /dora@mail.test/);
    const group = `To: "hidden-recipients": ;\r\n${insideFrom(carol.address)}`;
    expect((await bob.read(await signed(group))).content).to.deep.equal(TEXT);
  });

  it("refuses a second text beside the signed one, before it and behind it", async () => {
    const second = await openpgp.createMessage({ binary: new TextEncoder().encode("second") });
    for (const place of [0, 1, 3]) {
      const both = await signed(insideFrom(carol.address), {
        change: (packets) => {
          packets.splice(place, 0, second.packets[0]!);
        },
      });
      await expectRejection(bob.read(both), "MAIL_MALFORMED", /not one text/);
    }
  });

  it("refuses more parts than a mail has", async () => {
    const parts = "--x\r\n\r\n".repeat(20_001);
    const many = await signed(
      `From: <${carol.address}>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n${parts}--x--`,
    );
    await expectRejection(bob.read(many), "TOO_LARGE", /20000 parts/);
  });

  it("refuses parts that are nested too deeply, and too many files", async () => {
    const type = (boundary: string) =>
      `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n`;
    const nested = Array.from({ length: 25 }, (_, depth) => `${type(`b${depth}`)}--b${depth}\r\n`);
    const deep = await signed(`From: <${carol.address}>\r\n${nested.join("")}\r\nx`);
    await expectRejection(bob.read(deep), "MAIL_MALFORMED", /MIME/);
    const file = "--x\r\nContent-Type: a/b\r\n\r\nc\r\n".repeat(1001);
    const files = await signed(`From: <${carol.address}>\r\n${type("x")}${file}--x--`);
    await expectRejection(bob.read(files), "TOO_LARGE", /1000 files/);
  });

  it("names the group that a message is for", async () => {
    const group = "Chat-Group-ID: abc\r\nChat-Group-Name: =?utf-8?Q?Fr=C3=A9unde?=\r\n";
    const decoded = await bob.read(await signed(group + insideFrom(carol.address)));
    expect(decoded.group).to.deep.equal({ id: "abc", name: "Fréunde" });
    expect((await bob.read(mail)).group).to.equal(null);
  });

  it("gives the same or refuses, whatever octet is changed on the way", async () => {
    const headerEnd = Buffer.from(mail).indexOf("Content-Type");
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: headerEnd, max: mail.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const altered = Uint8Array.from(mail);
          altered[at] = altered[at]! ^ change;
          const content = await bob.read(altered).then(
            (decoded) => decoded.content,
            (error: unknown) => {
              if (!isSignpostError(error)) throw error;
              return error.code;
            },
          );
          if (typeof content !== "string") expect(content).to.deep.equal(TEXT);
          else expect(content).to.not.equal("INTERNAL");
        },
      ),
      { numRuns: 150 },
    );
  });

  it("reads or refuses by name whatever somebody signs", async () => {
    const line = fc.oneof(
      fc.constantFrom(
        "--x",
        "--x--",
        "",
        "Content-Type: multipart/mixed; boundary=x",
        "Chat-Version: 1.0",
      ),
      fc.constantFrom(
        "Content-Type: multipart/report",
        "Content-Type: message/rfc822",
        "> q",
        "-- ",
      ),
      fc.constantFrom("Chat-Edit: <a@b>", "Chat-Delete: <a b>", "Content-Disposition: reaction"),
      fc.constantFrom("In-Reply-To: <a@b>", "Secure-Join: x", "Content-Transfer-Encoding: base64"),
      fc.string({ unit: "binary" }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
        const anything = await signed(lines.join("\r\n"));
        const content = await bob.read(anything).then(
          (decoded) => decoded.content.type,
          (error: unknown) => (isSignpostError(error) ? error.code : String(error)),
        );
        expect(content).to.match(/^[A-Z_]+$/);
      }),
      { numRuns: 150 },
    );
  });

  it("refuses a small mail that becomes a large one", async () => {
    const key = (await openpgp.readKey({ binaryKey: bob.certificate })).toPublic();
    const armored = (await openpgp.encrypt({
      message: await openpgp.createMessage({ binary: new Uint8Array(61_000_000) }),
      encryptionKeys: key,
      config: { preferredCompressionAlgorithm: openpgp.enums.compression.zlib },
    })) as string;
    expect(armored.length).to.be.below(200_000);
    const bomb = mailOf(carol.address, bob.address, encryptedEntity(armored, "bomb"));
    await expectRejection(bob.read(bomb), "TOO_LARGE", /60000000 bytes inside/);
  });
});

function literal(text: string): openpgp.LiteralDataPacket {
  const packet = new openpgp.LiteralDataPacket();
  (packet as unknown as { setBytes(bytes: Uint8Array, format: number): void }).setBytes(
    new TextEncoder().encode(text),
    openpgp.enums.literal.binary,
  );
  return packet;
}

function fieldText([name, value]: readonly [string, string]): string {
  return `${name}: ${value}\r\n`;
}
