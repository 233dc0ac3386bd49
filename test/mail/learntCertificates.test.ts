/** Certificates of mail users that the bridge keeps for its reports: only from the user's proven mail, or for the one who hands it over. */
import { expect } from "chai";
import { readKey } from "openpgp";
import { autocryptField, gossipField } from "../../src/codecs/openpgp-mime/keys/autocrypt.js";
import { type HeaderField, headerLine } from "../../src/codecs/openpgp-mime/mime/headerField.js";
import { type Provider, providerOf, type SigningOptions } from "../../src/demo/mail/provider.js";
import { parseNativeAddress } from "../../src/messaging/address/nativeAddress.js";
import {
  armoredFor,
  ENCRYPTED_TYPE,
  encryptedBody,
  mailOf,
  openPgpUser,
  signedBy,
} from "./mails.js";
import { carol, type MailScene, startScene } from "./mailScene.js";
import { startMailServer, type TestMailServer } from "./mailServer.js";
import { deliver } from "./smtpTalk.js";

const ALICE = "alice@mail.test";

describe("mail: certificates of mail users", () => {
  let server: TestMailServer;
  let scene: MailScene;
  let provider: Provider;
  let certificate: Uint8Array;
  let armored: string;
  let count = 0;

  before(async () => {
    server = await startMailServer();
    provider = providerOf("mail.test", "ed25519");
    const { publicKey } = await openPgpUser(ALICE);
    certificate = (await readKey({ armoredKey: publicKey })).write();
    armored = await armoredFor(publicKey, "hello");
    scene = await startScene(() => ({
      outlet: {
        direct: { tls: "if offered", port: server.port, mayConnect: (ip) => ip === "127.0.0.1" },
      },
    }));
    scene.dns.zones.set(provider.name, { TXT: [provider.record] });
    scene.dns.zones.set("mail.test", { A: ["127.0.0.1"] });
    scene.known.add(ALICE);
  });
  after(async () => {
    await scene.stop();
    await server.stop();
  });
  beforeEach(() => {
    scene.learnt.length = 0;
    scene.learntAtMs.length = 0;
    server.mails.length = 0;
  });

  const lineOf = (field: HeaderField) => headerLine(field).trimEnd();
  const freshBody = () => encryptedBody(armored.replace("\r\n", `\r\nComment: ${++count}\r\n`));

  describe("of their own mail", () => {
    const own = () => lineOf(autocryptField({ address: ALICE, certificate }));
    const arrives = async (
      more: readonly string[],
      fields: readonly string[],
      options: SigningOptions = {},
    ) => {
      const mail = await signedBy(mailOf({ body: freshBody(), more }), provider, {
        ...{ fields, ...options },
      });
      expect(await deliver(scene.port, mail, { to: ["carol.eth@bridge.test"] })).to.match(/^250 /);
      return scene.learnt;
    };

    it("are kept where the provider signed them", async () => {
      expect(await arrives([own()], ["from", "to", "autocrypt"])).to.deep.equal([
        { owner: ALICE, by: null, certificate: Uint8Array.from(certificate) },
      ]);
    });

    it("count from when the provider signed them, however late the mail comes", async () => {
      const signedAtMs = Math.floor(Date.now() / 1_000 - 7_200) * 1_000;
      await arrives([own()], ["from", "to", "autocrypt"], { signedAtMs });
      expect(scene.learntAtMs).to.deep.equal([signedAtMs]);
    });

    for (const [name, more, fields] of [
      ["where somebody could have put them there", () => [own()], ["from", "to"]],
      ["of which there are two", () => [own(), own()], ["from", "autocrypt", "autocrypt"]],
      [
        "of another address",
        () => [lineOf(autocryptField({ address: "bob@mail.test", certificate }))],
        ["from", "autocrypt"],
      ],
      [
        "that are too long",
        () => [lineOf(autocryptField({ address: ALICE, certificate: Buffer.alloc(7_601) }))],
        ["from", "autocrypt"],
      ],
    ] as const) {
      it(`are not kept ${name}`, async () => {
        expect(await arrives(more(), fields)).to.deep.equal([]);
      });
    }
  });

  describe("from a DM3 user who writes to them", () => {
    const goesOut = async (...fields: readonly HeaderField[]) => {
      const bytes = Buffer.from(
        [...fields.map(lineOf), ENCRYPTED_TYPE, "", freshBody()].join("\r\n"),
        "latin1",
      );
      const token = `token${String(++count).padStart(20, "0")}`;
      const to = parseNativeAddress(ALICE, "mail");
      expect(await scene.transport.send({ from: carol, to, token, bytes })).to.deep.equal({
        is: "taken",
      });
      return scene.learnt;
    };

    it("are kept as hers, and do not go out", async () => {
      expect(await goesOut(gossipField({ address: ALICE, certificate }))).to.deep.equal([
        { owner: ALICE, by: carol, certificate: Uint8Array.from(certificate) },
      ]);
      expect(server.mails[0]!.text).not.to.match(/gossip|keydata/i);
    });

    it("are not kept of somebody else, and not where there are two", async () => {
      const field = gossipField({ address: ALICE, certificate });
      await goesOut(gossipField({ address: "bob@mail.test", certificate }));
      await goesOut(field, field);
      expect(scene.learnt).to.deep.equal([]);
    });
  });
});
