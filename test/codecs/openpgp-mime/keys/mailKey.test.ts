import { expect } from "chai";
import { enums, readKey, readPrivateKey } from "openpgp";
import {
  makeMailKey,
  openMailKey,
  rotateMailKey,
} from "../../../../src/codecs/openpgp-mime/keys/mailKey.js";
import { expectRejection } from "../../../expectError.js";
import { mailOf, MailUser, newText } from "../mailUser.js";

describe("the OpenPGP key of a DM3 user", () => {
  it("is of version 4, with Ed25519 and Curve25519, for exactly the address in lower case", async () => {
    const { certificate, fingerprint } = await makeMailKey({ address: "Carol.eth@Mail.test" });
    const key = await readKey({ binaryKey: certificate });
    expect(key.isPrivate()).to.equal(false);
    expect(key.keyPacket.version).to.equal(4);
    expect(key.getAlgorithmInfo().algorithm).to.equal("eddsaLegacy");
    expect(key.subkeys.map((one) => one.getAlgorithmInfo().algorithm)).to.deep.equal(["ecdh"]);
    expect(key.getUserIDs()).to.deep.equal(["<carol.eth@mail.test>"]);
    const { selfCertification } = await key.getPrimaryUser();
    expect(selfCertification.preferredCompressionAlgorithms?.[0]).to.equal(enums.compression.zlib);
    expect(fingerprint).to.match(/^[0-9A-F]{40}$/);
  });

  it("shows one encryption subkey after a rotation, and opens mails to the former one", async () => {
    const carol = await MailUser.make("carol.eth@mail.test");
    const alice = await MailUser.make("alice@mail.test");
    const { entity } = await alice.write(carol, newText("old"));
    const rotated = await rotateMailKey(carol.key.privateKey);
    expect(rotated.fingerprint).to.equal(carol.key.fingerprint);
    const [before, after, whole] = await Promise.all([
      readKey({ binaryKey: carol.certificate }),
      readKey({ binaryKey: rotated.certificate }),
      readPrivateKey({ binaryKey: rotated.privateKey }),
    ]);
    expect(after.subkeys).to.have.length(1);
    expect(after.subkeys[0]!.getFingerprint()).to.not.equal(before.subkeys[0]!.getFingerprint());
    expect(whole.subkeys).to.have.length(2);
    expect((await openMailKey(rotated.privateKey)).certificate).to.deep.equal(rotated.certificate);

    carol.key = rotated;
    const mail = mailOf(alice.address, carol.address, entity);
    expect((await carol.read(mail)).content).to.deep.equal(newText("old"));
    const newer = await alice.write(
      { address: carol.address, certificate: rotated.certificate },
      newText("new"),
    );
    const second = mailOf(alice.address, carol.address, newer.entity);
    expect((await carol.read(second)).content).to.deep.equal(newText("new"));
  });

  it("is refused where it is none, or locked, without a word of it in the error", async () => {
    const { privateKey } = await makeMailKey({ address: "carol.eth@mail.test" });
    const error = await expectRejection(
      openMailKey(privateKey.subarray(0, 60)),
      ...(["UNUSABLE_CERTIFICATE", /no OpenPGP private key/] as const),
    );
    expect(error.cause).to.equal(undefined);
    const { encryptKey } = await import("openpgp");
    const key = await readPrivateKey({ binaryKey: privateKey });
    const locked = await encryptKey({ privateKey: key, passphrase: "secret" });
    await expectRejection(openMailKey(locked.write()), "UNUSABLE_CERTIFICATE", /passphrase/);
  });
});
