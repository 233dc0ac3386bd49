import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { certificateCommand } from "../../../src/cli/certificate/certificateCommand.js";
import { messageCommand } from "../../../src/cli/message/messageCommand.js";
import { encodeBase64 } from "../../../src/dm3/base64.js";
import { isCertificateOf, parseCertificate } from "../../../src/dm3/statement/certificate.js";
import { createProfile } from "../../../src/sdk/index.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { expectRejection } from "../../expectError.js";
import { API_KEY, DOMAIN, openTestService, type TestService } from "../../http/openTestService.js";
import { type ChainServer, serveChain } from "../../lookup/chainServer.js";
import {
  BOB,
  CERTIFICATE_KEY,
  certificateRecord,
  networkScene,
  strangerKeys,
} from "../../lookup/networkScene.js";
import { createScene, type Scene } from "../../lookup/scene.js";
import { runCommand } from "../runCommand.js";

const NAME = `alice.${DOMAIN}`;
const BYTES = Uint8Array.from({ length: 301 }, (_, index) => index % 251);

describe("signpost certificate", () => {
  let http: TestService;
  let folder: string;
  let files = 0;
  let keys: string;
  const wallet = Wallet.createRandom();

  const file = async (content: string | Uint8Array) => {
    const path = join(folder, `file-${files++}`);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const run = (...args: string[]) => runCommand(certificateCommand, "certificate", ...args);
  const sign = async (
    content: string | Uint8Array,
    name = NAME,
    address = `${NAME}@mail.example`,
  ) => {
    const flags = ["--certificate", await file(content), "--address", address, "--keys", keys];
    return (await run("sign", name, ...flags)).text;
  };

  before(async () => {
    http = await openTestService();
    folder = await temporaryFolder();
    const created = await createProfile(wallet, [`relay.${DOMAIN}`]);
    const { address, signedUserProfile } = created;
    const put = await http.v1("PUT", `/names/${NAME}/profile`, { address, signedUserProfile });
    expect(put.status).to.be.below(300);
    const { encryptionKeyPair, signingKeyPair } = created.keys;
    const privateKeyOf = (pair: { privateKey: Uint8Array }) => ({
      privateKey: encodeBase64(pair.privateKey),
    });
    keys = await file(
      JSON.stringify({
        encryptionKeyPair: privateKeyOf(encryptionKeyPair),
        signingKeyPair: privateKeyOf(signingKeyPair),
      }),
    );
    process.env["SIGNPOST_URL"] = http.url;
    process.env["SIGNPOST_API_KEY"] = API_KEY;
  });
  after(async () => {
    delete process.env["SIGNPOST_URL"];
    delete process.env["SIGNPOST_API_KEY"];
    await http.stop();
    await removeFolder(folder);
  });

  it("signs a certificate in binary and in ASCII armor, with a checksum or without", async () => {
    const body = encodeBase64(BYTES).replace(/.{64}/g, "$&\n");
    const armor = (checksum: string) =>
      `-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: a: b\n\n${body}\n${checksum}-----END PGP PUBLIC KEY BLOCK-----\n`;
    for (const content of [
      BYTES,
      armor(""),
      armor("=njUN\n"),
      armor("=njUN\n").replaceAll("\n", "\r\n"),
    ]) {
      const record = parseCertificate(JSON.parse(await sign(content)));
      expect(record.certificate).to.equal(encodeBase64(BYTES));
      expect(isCertificateOf(NAME, record)).to.equal(true);
    }
  });

  it("refuses what is no certificate, too long, or for no address", async () => {
    const noArmor = sign("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n");
    await expectRejection(noArmor, "INVALID_REQUEST", /no public key block/);
    await expectRejection(sign(new Uint8Array(16_385)), "INVALID_PROFILE", /1 to 16384 bytes/);
    await expectRejection(sign(BYTES, NAME, "alice"), "INVALID_PROFILE", /local@domain/);
  });

  it("signs by the wallet's signature in the place of the keys, and by no other one", async () => {
    const asked = await runCommand(
      messageCommand,
      ...["message", "keys", wallet.address.toLowerCase(), "--json"],
    );
    const { message, keyFile } = JSON.parse(asked.text) as {
      message: string;
      keyFile: Record<string, string>;
    };
    const signBy = async (given: Record<string, string>) => {
      const flags = ["--certificate", await file(BYTES), "--address", `${NAME}@mail.example`];
      const keyPath = await file(JSON.stringify(given));
      return (await run("sign", NAME, ...flags, "--keys", keyPath)).text;
    };
    const signature = await wallet.signMessage(message);
    const record = parseCertificate(JSON.parse(await signBy({ ...keyFile, signature })));
    const byKeys = parseCertificate(JSON.parse(await sign(BYTES)));
    expect(record.publicSigningKey).to.equal(byKeys.publicSigningKey);
    expect(isCertificateOf(NAME, record)).to.equal(true);
    // another spelling of the same signature leads to the same keys
    const bare = `${signature.slice(0, -2)}${signature.endsWith("1b") ? "00" : "01"}`.toUpperCase();
    const again = await signBy({ ...keyFile, signature: bare.replace(/^0X/, "0x") });
    expect(parseCertificate(JSON.parse(again)).publicSigningKey).to.equal(record.publicSigningKey);

    const other = await Wallet.createRandom().signMessage(message);
    const wrong = signBy({ ...keyFile, signature: other });
    await expectRejection(wrong, "WRONG_SIGNER", /did not sign this text/);
    const otherText = await wallet.signMessage(`${message}.`);
    const changed = signBy({ ...keyFile, signature: otherText });
    await expectRejection(changed, "WRONG_SIGNER", /did not sign this text/);
    const nonce = signBy({ ...keyFile, signature, nonce: "another" });
    await expectRejection(nonce, "WRONG_SIGNER", /did not sign this text/);
    const empty = await expectRejection(
      signBy({ ...keyFile, signature: `${signature}00` }),
      "INVALID_REQUEST",
      /not that of a key/,
    );
    expect(empty.message).not.to.include(signature.slice(2, 20));
  });

  it("publishes what was signed, through the service API", async () => {
    const record = await file(await sign(BYTES));
    const { text } = await run("publish", NAME, "--record", record);
    expect(text).to.match(
      /openpgp certificate of alice\..* for alice\..*@mail\.example is published/,
    );
    const { body } = await http.v1("GET", `/names/${NAME}`);
    expect(body["texts"]).to.have.property("network.dm3.certificate.openpgp");
  });

  it("refuses another name's, before anybody is asked", async () => {
    const record = await file(await sign(BYTES));
    await expectRejection(
      run("publish", `bob.${DOMAIN}`, "--record", record, "--service", "http://127.0.0.1:1"),
      "WRONG_SIGNER",
      /not signed for bob/,
    );
  });

  it("shows what the owner's wallet has to sign, with --for-wallet", async () => {
    const record = await file(await sign(BYTES));
    const flags = ["--record", record, "--for-wallet", wallet.address, "--json"];
    const { text } = await run("publish", NAME, ...flags);
    expect(JSON.parse(text)).to.have.nested.property("typedData.message.name", NAME);
  });

  describe("show", () => {
    let scene: Scene;
    let chain: ChainServer;

    before(async () => {
      scene = await createScene();
      chain = await serveChain();
    });
    after(async () => {
      await scene.close();
      await chain.close();
    });

    it("tells found, absent and untrusted apart", async () => {
      await scene.reset();
      const world = networkScene(scene);
      const show = () =>
        run(
          ...["show", BOB, "--rpc", chain.url, "--registry", scene.ens.ensRegistry],
          "--allow-loopback",
        );
      expect(await show()).to.include({ exitStatus: 3 });
      world.publishBob({ [CERTIFICATE_KEY]: JSON.stringify(certificateRecord()) });
      const found = await show();
      expect(found).to.include({ exitStatus: 0 });
      expect(found.text).to.match(/size +300 bytes\n +sha256 +0x[0-9a-f]{64}/);
      world.publishBob({ [CERTIFICATE_KEY]: JSON.stringify(certificateRecord(strangerKeys)) });
      const forged = await show();
      expect(forged).to.include({ exitStatus: 5 });
      expect(forged.text).to.match(/x certificate-signature/);
    });
  });
});
