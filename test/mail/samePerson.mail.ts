/** One person with Delta Chat, and changes that must not make two of them: devices, addresses, and keys of the other side. */
import { readdir } from "node:fs/promises";
import { expect } from "chai";
import * as openpgp from "openpgp";
import { readEncryptedMail } from "../../src/codecs/openpgp-mime/encryptedMail.js";
import type { Dm3MailUser, MailPerson } from "../../src/demo/dm3MailUser.js";
import { DeltaChatUser, type ShownMessage } from "../../src/demo/mail/deltaChatUser.js";
import { reads } from "../../src/demo/mailConversation.js";
import { type MailNetwork, startMailNetwork } from "../../src/demo/mailNetwork.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { acquainted } from "./acquainted.js";

describe("one person with Delta Chat", function () {
  this.timeout(540_000);
  let network: MailNetwork;
  let alice: DeltaChatUser;
  let carol: Dm3MailUser;
  let to: MailPerson;
  let chat: number;
  let folder: string;
  /** What alice's provider handed over to the bridge. */
  const sent: Uint8Array[] = [];

  before(async () => {
    folder = await temporaryFolder();
    network = await startMailNetwork({
      ...{ databaseUrl: undefined, onStep: () => undefined },
      reportFailure: (error) => {
        console.error(error);
      },
    });
    network.provider.watchers.add(({ bytes }, way) => {
      if (way === "out") sent.push(bytes);
    });
    ({ alice, carol, to, chat } = await acquainted(network));
  });
  after(async () => {
    await network.stop();
    await removeFolder(folder);
  });

  const texts = (messages: readonly ShownMessage[], wanted: string) =>
    messages.filter(({ text }) => text === wanted);

  it("has two devices: both show what comes and what either sends, and the other side reads it once", async () => {
    await alice.call("set_config", "bcc_self", "1");
    const second = await secondDevice(alice);
    await carol.write(to, { type: "NEW", text: "to both" });
    const shown = await Promise.all(
      [alice, second].map((device) => device.sees(({ text }) => text === "to both")),
    );
    expect(shown.map(({ showPadlock }) => showPadlock)).to.deep.equal([true, true]);

    await second.write(shown[1]!.chatId, { text: "from the second" });
    const { from, signer } = await reads(carol, "from the second");
    expect({ from, signer }).to.deep.equal({ from: "alice@mail.test", signer: "known" });
    await alice.sees(({ text }) => text === "from the second");

    await alice.write(chat, { text: "from the first" });
    await reads(carol, "from the first");
    await second.sees(({ text }) => text === "from the first");

    await carol.write(to, { type: "NEW", text: "the last" });
    await Promise.all([alice, second].map((one) => one.sees(({ text }) => text === "the last")));
    for (const text of ["from the second", "from the first"]) {
      const read = carol.read.filter(({ content }) => "text" in content && content.text === text);
      expect(read, text).to.have.length(1);
      expect(texts(await alice.messages(), text), text).to.have.length(1);
      expect(texts(await second.messages(), text), text).to.have.length(1);
    }
  });

  it("writes from a second address: another name, the same person, and one chat", async () => {
    const address = "alice.two@mail.test";
    await alice.program.addTransport(
      alice.account,
      { address, password: "another" },
      network.provider,
    );
    await alice.call("set_config", "configured_addr", address);
    await alice.write(chat, { text: "from elsewhere" });
    const { from, signer } = await reads(carol, "from elsewhere");
    expect({ from, signer }).to.deep.equal({ from: address, signer: "moved" });
    const name = await network.world.introduce(address);
    expect(name)
      .to.match(/\.mail\.test\.bridge\.example\.eth$/)
      .and.not.equal(to.name);
    await carol.write({ address, name }, { type: "NEW", text: "to elsewhere" });
    const answer = await alice.sees(({ text }) => text === "to elsewhere");
    expect(answer.chatId).to.equal(chat);
    expect(answer.showPadlock).to.equal(true);
    // the first address still leads to her
    await carol.write(to, { type: "NEW", text: "to the first" });
    expect((await alice.sees(({ text }) => text === "to the first")).chatId).to.equal(chat);
  });

  it("goes on in the same chat when the DM3 user has a new encryption subkey, and writes to that one", async () => {
    const before = await openpgp.readKey({ binaryKey: carol.key.certificate });
    await carol.rotateKey();
    const after = await openpgp.readKey({ binaryKey: carol.key.certificate });
    expect(after.getFingerprint()).to.equal(before.getFingerprint());
    const subkeysOf = (key: openpgp.Key) => key.subkeys.map((one) => one.getFingerprint());
    expect(subkeysOf(after)).to.not.deep.equal(subkeysOf(before));
    await carol.write(to, { type: "NEW", text: "with a new subkey" });
    const { chatId, showPadlock } = await alice.sees(({ text }) => text === "with a new subkey");
    expect({ chatId, showPadlock }).to.deep.equal({ chatId: chat, showPadlock: true });
    await alice.write(chat, { text: "to the new subkey" });
    const { signer } = await reads(carol, "to the new subkey");
    expect(signer).to.equal("known");
    // the newest alone opens it
    const newest = await openpgp.readPrivateKey({ binaryKey: carol.key.privateKey });
    newest.subkeys = newest.subkeys.slice(-1);
    const { message: binaryMessage } = readEncryptedMail(sent.at(-1)!);
    const message = await openpgp.readMessage({ binaryMessage });
    const { data } = (await openpgp.decrypt({ message, decryptionKeys: newest })) as {
      readonly data: string;
    };
    expect(data).to.include("to the new subkey");
  });

  it("was read without a problem", () => {
    // Delta Chat tells its contacts of its new address, encrypted and unsigned: nothing to be shown
    const unread = carol.problems.filter(({ code }) => code !== "MAIL_UNSIGNED");
    expect(unread).to.deep.equal([]);
  });

  /** Set up as people do it: from a backup of the first. */
  async function secondDevice(first: DeltaChatUser): Promise<DeltaChatUser> {
    await first.call("export_backup", folder, null);
    const [backup = ""] = (await readdir(folder)).filter((name) => name.endsWith(".tar"));
    const { program, address } = first;
    const account = await program.call<number>("add_account");
    await program.call("import_backup", account, `${folder}/${backup}`, null);
    await program.call("start_io", account);
    return DeltaChatUser.of(program, account, address);
  }
});
