/** What these tests seal by XEP-0373 a stock client opens, and the other way round. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { readKey } from "openpgp";
import { registerAccount } from "../../src/demo/xmpp-servers/registerAccount.js";
import { startXmppServer } from "../../src/demo/xmpp-servers/startXmppServer.js";
import type { XmppServer } from "../../src/demo/xmpp-servers/xmppServer.js";
import { xml } from "../../src/xmpp/xml.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { GnuPg } from "../codecs/openpgp-mime/gnuPg.js";
import { makeNativeKey, opened, OPENPGP, publishNativeKey, sealed } from "./openpgpForXmpp.js";
import { startProfanity } from "./profanity.js";
import { has, newUser, PASSWORD } from "./userClient.js";

// ejabberd runs here without mod_pubsub, where profanity looks for keys
describe("OpenPGP for XMPP, with profanity on prosody", () => {
  let server: XmppServer;
  let folder: string;
  let gpg: GnuPg;

  before(async () => {
    server = await startXmppServer("prosody");
    folder = await temporaryFolder();
    gpg = await GnuPg.inFolder(join(folder, "g"));
    await writeFile(join(gpg.home, "gpg.conf"), "trust-model always\n");
  });
  after(async () => {
    await gpg.stop();
    await removeFolder(folder);
    await server.remove();
  });

  it("finds the published key, and both read what the other one wrote", async () => {
    const bob = await newUser(server, "bob");
    const ofBob = await makeNativeKey(bob.bare);
    await publishNativeKey((iq) => bob.ask(iq), ofBob);
    const bare = `carol@${server.domain}`;
    await registerAccount(server, "carol", PASSWORD);
    await gpg.run([
      ...["--passphrase", "", "--quick-generate-key", `xmpp:${bare}`],
      ...["future-default", "default", "never"],
    ]);
    const { stdout: binaryKey } = await gpg.run(["--export", `xmpp:${bare}`]);
    const keyFile = join(folder, "carol.key");
    await writeFile(keyFile, binaryKey);

    const carol = await startProfanity(server, "carol", gpg.home);
    await carol.type(`/ox announce ${keyFile}`);
    await carol.type(`/ox discover ${bob.bare}`);
    const fingerprint = ofBob.privateKey.getFingerprint().toUpperCase();
    await carol.shows(new RegExp(`Discovering.* ${fingerprint}`));
    await carol.type(`/ox request ${bob.bare} ${fingerprint}`);
    await carol.shows(/Public Key imported/);
    await carol.type(`/ox start ${bob.bare}`);
    await carol.type("Hello from a stock client");
    const message = await bob.until((one) => has(one, "openpgp", OPENPGP), "a sealed message");
    const key = (await readKey({ binaryKey })).toPublic();
    const payload = await opened(ofBob, key, message.getChildText("openpgp", OPENPGP)!);
    expect(payload?.getChildText("body", "jabber:client")).to.equal("Hello from a stock client");

    const body = xml("body", { xmlns: "jabber:client" }, "Hello from the tests");
    const box = await sealed(ofBob, { bare, key }, body);
    const fallback = xml("body", {}, "This message is encrypted.");
    await bob.send(xml("message", { type: "chat", to: bare }, box, fallback));
    await carol.shows(/Hello from the tests/);
    await Promise.all([carol.stop(), bob.stop()]);
  });
});
