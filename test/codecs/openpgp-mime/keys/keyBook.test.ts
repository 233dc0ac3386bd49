import { expect } from "chai";
import { openKeyBook } from "../../../../src/codecs/openpgp-mime/keys/keyBook.js";
import { rotateMailKey } from "../../../../src/codecs/openpgp-mime/keys/mailKey.js";
import { memoryKeyValue } from "../../../../src/sending/keyValue.js";
import { expectRejection } from "../../../expectError.js";
import { MailUser } from "../mailUser.js";

const ADDRESS = "alice@mail.test";

describe("a key book", () => {
  let alice: MailUser;
  let other: MailUser;
  let book: ReturnType<typeof openKeyBook>;

  before(async () => {
    [alice, other] = await Promise.all([MailUser.make(ADDRESS), MailUser.make(ADDRESS)]);
  });
  beforeEach(() => {
    book = openKeyBook(memoryKeyValue());
  });

  const offer = ({ certificate }: MailUser, source: "record" | "vcard" | "autocrypt" | "wkd") => ({
    ...{ address: ADDRESS, certificate, source },
  });

  it("has nothing for an address before somebody offers it", async () => {
    expect(await book.of(ADDRESS)).to.equal(null);
    expect(await book.senders.ofAddress(ADDRESS)).to.deep.equal([]);
    expect(await book.senders.isKnown(alice.key.fingerprint)).to.equal(false);
  });

  it("takes the first certificate, whatever the letters of the address", async () => {
    const taken = await book.take({ ...offer(alice, "wkd"), address: "Alice@Mail.test" });
    expect(taken).to.deep.equal({ is: "added", isMoved: false });
    const used = await book.of(ADDRESS);
    expect(used).to.deep.equal({
      ...{ fingerprint: alice.key.fingerprint, source: "wkd", certificate: alice.certificate },
    });
    expect(await book.senders.isKnown(alice.key.fingerprint)).to.equal(true);
  });

  it("takes no other certificate from a source that is not stronger, and tells it", async () => {
    for (const [first, second] of [
      ["record", "vcard"],
      ["vcard", "autocrypt"],
      ["autocrypt", "wkd"],
      ["autocrypt", "autocrypt"],
      ["vcard", "vcard"],
      ["record", "record"],
    ] as const) {
      book = openKeyBook(memoryKeyValue());
      await book.take(offer(alice, first));
      const taken = await book.take(offer(other, second));
      expect(taken, second).to.deep.equal({ is: "changed", known: alice.key.fingerprint });
      expect((await book.of(ADDRESS))?.fingerprint).to.equal(alice.key.fingerprint);
      expect((await book.offeredFor(ADDRESS)).map(({ fingerprint }) => fingerprint)).to.deep.equal([
        other.key.fingerprint,
      ]);
      expect(await book.senders.isKnown(other.key.fingerprint)).to.equal(false);
    }
  });

  it("takes another one from a stronger source, and tells the former", async () => {
    for (const [first, second] of [
      ["wkd", "autocrypt"],
      ["autocrypt", "vcard"],
      ["vcard", "record"],
    ] as const) {
      book = openKeyBook(memoryKeyValue());
      await book.take(offer(alice, first));
      const taken = await book.take(offer(other, second));
      expect(taken, second).to.deep.equal({ is: "replaced", former: alice.key.fingerprint });
      expect((await book.of(ADDRESS))?.fingerprint).to.equal(other.key.fingerprint);
      expect(await book.senders.isKnown(alice.key.fingerprint)).to.equal(false);
    }
  });

  it("takes another record only when it is newer", async () => {
    const record = (who: MailUser, signedAtSec: number) =>
      book.take({ ...offer(who, "record"), signedAtSec });
    await record(alice, 5);
    const { fingerprint: known } = alice.key;
    expect(await record(other, 4)).to.deep.equal({ is: "changed", known });
    expect(await record(other, 5)).to.deep.equal({ is: "changed", known });
    expect(await record(alice, 7)).to.deep.equal({ is: "same" });
    expect(await record(other, 6)).to.deep.equal({ is: "changed", known });
    expect(await record(other, 8)).to.deep.equal({ is: "replaced", former: known });
    expect((await book.of(ADDRESS))?.signedAtSec).to.equal(8);
  });

  it("takes what the user accepts, and nothing that nobody offered", async () => {
    await book.take(offer(alice, "autocrypt"));
    const { fingerprint } = other.key;
    await expectRejection(
      book.accept(ADDRESS, fingerprint),
      "UNUSABLE_CERTIFICATE",
      /nobody offered/,
    );
    await book.take(offer(other, "autocrypt"));
    await book.accept(ADDRESS, fingerprint);
    expect((await book.of(ADDRESS))?.fingerprint).to.equal(fingerprint);
    expect(await book.offeredFor(ADDRESS)).to.deep.equal([]);
  });

  it("knows one person by several addresses", async () => {
    await book.take(offer(alice, "vcard"));
    const moved = { ...offer(alice, "autocrypt"), address: "alice@elsewhere.test" };
    expect(await book.take(moved)).to.deep.equal({ is: "added", isMoved: true });
    expect(await book.addressesOf(alice.key.fingerprint)).to.deep.equal([
      ...[ADDRESS, "alice@elsewhere.test"],
    ]);
  });

  it("uses newer parts of the same certificate, and keeps the stronger source", async () => {
    await book.take(offer(alice, "vcard"));
    const { certificate } = await rotateMailKey(alice.key.privateKey);
    expect(await book.take({ address: ADDRESS, certificate, source: "wkd" })).to.deep.equal({
      is: "same",
    });
    const used = await book.of(ADDRESS);
    expect(used?.source).to.equal("vcard");
    expect(used?.certificate.length).to.be.above(alice.certificate.length);
  });

  it("takes nothing that is no certificate, holds a private key, or cannot receive", async () => {
    const broken = {
      address: ADDRESS,
      certificate: new Uint8Array([1, 2]),
      source: "wkd",
    } as const;
    await expectRejection(book.take(broken), "UNUSABLE_CERTIFICATE", /no OpenPGP certificate/);
    const secret = { ...broken, certificate: alice.key.privateKey };
    await expectRejection(book.take(secret), "UNUSABLE_CERTIFICATE", /private key/);
    const { readKey } = await import("openpgp");
    const key = await readKey({ binaryKey: alice.certificate });
    key.subkeys = [];
    const mute = { ...broken, certificate: key.write() };
    await expectRejection(book.take(mute), "UNUSABLE_CERTIFICATE", /nothing can be encrypted/);
  });
});
