/** Encrypted reports: by which key of the bridge, for whose certificate, and where there is none that can be used. */
import { expect } from "chai";
import { generateKey, readKey, readMessage } from "openpgp";
import { OWN_SECRET } from "../../../src/capabilities/mail/migrations.js";
import { ownCertificate, ownMailKey } from "../../../src/capabilities/mail/ownMailKey.js";
import { reportSealer } from "../../../src/capabilities/mail/sealReport.js";
import { decodeMail } from "../../../src/codecs/openpgp-mime/decodeMail.js";
import {
  makeMailKey,
  openMailKey,
  rotateMailKey,
} from "../../../src/codecs/openpgp-mime/keys/mailKey.js";
import {
  type MailCertificateStore,
  mailCertificateStore,
} from "../../../src/db/messaging/mailCertificateStore.js";
import { type OwnKeyStore, ownKeyStore } from "../../../src/db/messaging/ownKeyStore.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import type { SealReport } from "../../../src/mail/mailPorts.js";
import { parseNativeAddress } from "../../../src/messaging/address/nativeAddress.js";
import { mailOf, MailUser } from "../../codecs/openpgp-mime/mailUser.js";
import { type BridgeGround, openBridgeGround } from "../../messaging/bridge/bridgeGround.js";

const DOMAIN = "dm3.test";
const BRIDGE = `mailer-daemon@${DOMAIN}`;
const CAROL = "carol.eth" as NormalName;
const BOB = "bob.eth" as NormalName;
const to = parseNativeAddress("alice@mail.test", "mail");

describe("capability: mail: encrypted reports", () => {
  let ground: BridgeGround;
  let ownKey: OwnKeyStore;
  let certificates: MailCertificateStore;
  let seal: SealReport;
  let alice: MailUser;

  before(async () => {
    alice = await MailUser.make("alice@mail.test");
  });
  beforeEach(async () => {
    ground = await openBridgeGround(DOMAIN);
    ownKey = newOwnKey();
    certificates = mailCertificateStore(ground.pool, ground.ownTables);
    seal = reportSealer({ mailDomain: DOMAIN, certificates, ownKey, nowMs: Date.now });
  });
  afterEach(() => ground.close());

  const newOwnKey = () => ownMailKey({ ...ground, tables: ground.ownTables, mailDomain: DOMAIN });
  const sealed = (recipient = CAROL) =>
    seal({
      ...{ to, recipient, messageId: "r1@dm3.test", about: "<m1@mail.test>" },
      ...{ action: "failed", status: "5.0.0", sentence: "Her node is away." },
    });
  const learn = (by: NormalName | null, certificate: Uint8Array, saidMs = 1_000) =>
    certificates.learn(to, by, certificate, saidMs);
  /** Ids of the subkeys that the report was encrypted for. */
  async function subkeysUsed(recipient = CAROL): Promise<readonly string[]> {
    const text = Buffer.from((await sealed(recipient))!.entity).toString("latin1");
    const armored = text.slice(text.indexOf("-----BEGIN"), text.indexOf("-----END") + 30);
    const message = await readMessage({ armoredMessage: armored });
    return message.getEncryptionKeyIDs().map((id) => id.toHex());
  }
  /** The fingerprint of the one of the known certificates that has it. */
  async function keyUsed(recipient = CAROL): Promise<string | undefined> {
    const [subkey] = await subkeysUsed(recipient);
    const { own, handed } = await certificates.known(to, recipient);
    for (const one of [own, handed]) {
      const key = one && (await readKey({ binaryKey: one }));
      if (key?.subkeys.some((each) => each.getKeyID().toHex() === subkey) === true) {
        return key.getFingerprint();
      }
    }
    return undefined;
  }
  const fingerprintOf = async (certificate: Uint8Array) =>
    (await readKey({ binaryKey: certificate })).getFingerprint();
  const fingerprint = async (store = ownKey) =>
    (await openMailKey(await store.newest())).fingerprint;

  it("are opened by the mail user, signed by the bridge, and say which message and why", async () => {
    await learn(CAROL, alice.certificate);
    const { entity, certificate } = (await sealed())!;
    const mail = mailOf(BRIDGE, alice.address, entity);
    alice.contacts.set(BRIDGE, certificate);
    const { content, signer, messageId } = await alice.read(mail, BRIDGE);
    expect({ signer: signer.is, messageId }).to.deep.equal({
      ...{ signer: "known", messageId: "<r1@dm3.test>" },
    });
    expect(content).to.deep.equal({
      ...{ type: "REPORT", about: "<m1@mail.test>", action: "failed", status: "5.0.0" },
      ...{ sentence: "Her node is away.", recipient: "carol.eth@dm3.test" },
    });
    expect((await openMailKey(await ownKey.newest())).certificate).to.deep.equal(certificate);
  });

  it("take what the user's own provider signed, and only without it what this DM3 user handed over", async () => {
    const [own, ofBob] = await Promise.all([newCertificate(), newCertificate()]);
    await learn(BOB, ofBob);
    expect(await sealed(), "what bob says counts for mail to bob").to.equal(null);
    await learn(CAROL, alice.certificate);
    expect(await keyUsed()).to.equal(await fingerprintOf(alice.certificate));
    await learn(null, own);
    expect(await keyUsed()).to.equal(await fingerprintOf(own));
    await learn(CAROL, alice.certificate);
    expect(await keyUsed(), "no DM3 user replaces it").to.equal(await fingerprintOf(own));
    expect(await keyUsed(BOB)).to.equal(await fingerprintOf(own));
  });

  it("take the newest that is proven, whenever the mail with it comes", async () => {
    const [older, newer] = await Promise.all([newCertificate(), newCertificate()]);
    await learn(null, newer, 2_000);
    await learn(null, older, 1_000);
    expect(await keyUsed(), "that mail came late").to.equal(await fingerprintOf(newer));
    await learn(null, older, 3_000);
    expect(await keyUsed()).to.equal(await fingerprintOf(older));
  });

  it("take what the owner's own key signed later, whoever hands it over", async () => {
    const before = await makeMailKey({
      address: "alice@mail.test",
      createdMs: Date.now() - 60_000,
    });
    const after = await rotateMailKey(before.privateKey);
    await learn(null, before.certificate);
    const [first] = await subkeysUsed();
    await learn(CAROL, after.certificate);
    const [second] = await subkeysUsed();
    expect(second).not.to.equal(first);
    const key = await readKey({ binaryKey: after.certificate });
    expect(second).to.equal(key.subkeys[0]!.getKeyID().toHex());
  });

  it("take what was handed over where the owner's own is over", async () => {
    const createdMs = Date.now() - 86_400_000;
    const { publicKey } = await generateKey({
      ...{ userIDs: [{ email: alice.address }], format: "binary" },
      ...{ date: new Date(createdMs), keyExpirationTime: 60 },
    });
    await learn(null, publicKey);
    expect(await sealed()).to.equal(null);
    await learn(CAROL, alice.certificate);
    expect(await keyUsed()).to.equal(await fingerprintOf(alice.certificate));
  });

  it("are not made for a certificate that nothing can be encrypted for, or that is unusual", async () => {
    const now = new Date();
    const expired = new Date(now.getTime() - 86_400_000);
    for (const [name, options] of [
      ["over", { date: expired, keyExpirationTime: 60 }],
      ["many user ids", { userIDs: Array.from({ length: 12 }, (_, at) => ({ name: `a${at}` })) }],
    ] as const) {
      const { publicKey } = await generateKey({
        ...{ userIDs: [{ email: alice.address }], format: "binary" },
        ...options,
      });
      await learn(CAROL, publicKey);
      expect(await sealed(), name).to.equal(null);
    }
    await learn(CAROL, Buffer.from("none"));
    expect(await sealed()).to.equal(null);
  });

  it("forget the certificate with the user, and when nothing passed for long", async () => {
    await learn(CAROL, alice.certificate);
    await ground.passages.forgetAllOf(to);
    expect(await certificates.known(to, CAROL)).to.deep.equal({ own: null, handed: null });
    await learn(CAROL, alice.certificate);
    await ground.passages.forget(Date.now() - 60_000);
    expect((await certificates.known(to, CAROL)).handed).to.deep.equal(alice.certificate);
    await ground.passages.forget(Date.now() + 60_000);
    expect(await certificates.known(to, CAROL)).to.deep.equal({ own: null, handed: null });
  });

  it("are signed by one key, whoever asks first, which is sealed at rest", async () => {
    const all = await Promise.all([1, 2, 3].map(() => fingerprint(newOwnKey())));
    expect(new Set(all).size).to.equal(1);
    const { rows } = await ground.pool.query<{ secret: Buffer }>(
      `select secret from ${ground.ownTables.ownKey}`,
    );
    expect(rows).to.have.length(1);
    const plain = await ownKey.newest();
    expect(rows[0]!.secret.includes(Buffer.from(plain))).to.equal(false);
    expect(rows[0]!.secret.includes(Buffer.from(plain.subarray(0, 32)))).to.equal(false);
    expect(OWN_SECRET.table).to.equal("own_key");
  });

  it("leave no private key in memory, also where the database or OpenPGP fails", async () => {
    const kept: Uint8Array[] = [];
    const noted = (bytes: Uint8Array) => {
      kept.push(bytes);
      return Promise.resolve(bytes);
    };
    const { pool, ownTables, secrets } = ground;
    const refusing = { ...secrets, write: () => Promise.reject(new Error("Away.")) };
    const make = () => noted(new Uint8Array([1, 2]));
    const store = ownKeyStore(pool, ownTables, refusing, OWN_SECRET, make);
    const newest = () => noted(new Uint8Array([3, 4]));
    for (const failing of [store.newest(), ownCertificate({ newest }, Date.now)()]) {
      await failing.then(
        () => expect.fail("It did not fail."),
        () => undefined,
      );
    }
    expect(kept.map((bytes) => [...bytes])).to.deep.equal([
      [0, 0],
      [0, 0],
    ]);
  });

  it("are signed by the new key after it was renewed", async () => {
    const before = await fingerprint();
    await newOwnKey().renew();
    expect(await fingerprint()).not.to.equal(before);
    await learn(CAROL, alice.certificate);
    const { entity } = (await sealed())!;
    const { signer } = await decodeMail(mailOf(BRIDGE, alice.address, entity), {
      ...{ privateKeys: [alice.key.privateKey], ownAddresses: [alice.address] },
      senders: { ofAddress: () => Promise.resolve([]), isKnown: () => Promise.resolve(false) },
    });
    expect(signer.fingerprint).to.equal(await fingerprint());
  });
});

async function newCertificate(): Promise<Uint8Array> {
  return (await makeMailKey({ address: "alice@mail.test" })).certificate;
}
