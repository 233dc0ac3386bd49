/** A DM3 user and stock Delta Chat, through the whole way: DM3 client, relay nodes, bridge, mail provider; and back. */
import { createHash, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import type { Dm3MailUser, MailPerson } from "../../src/demo/dm3MailUser.js";
import {
  type DeltaChatUser,
  MESSAGE_STATES,
  type ShownMessage,
} from "../../src/demo/mail/deltaChatUser.js";
import { reads } from "../../src/demo/mailConversation.js";
import { type MailNetwork, startMailNetwork } from "../../src/demo/mailNetwork.js";
import type { MessageContent } from "../../src/dm3/message/messageContent.js";
import { dkimRecord } from "../../src/mail/dkimKeys.js";
import { writeVCard } from "../../src/sdk/openpgpMimeNode.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { until } from "./until.js";

const FILE_BYTES = 5_000_000;

describe("the whole way between DM3 and Delta Chat", function () {
  this.timeout(540_000);
  let network: MailNetwork;
  let alice: DeltaChatUser;
  let carol: Dm3MailUser;
  /** Alice as a DM3 user sees her. */
  let to: MailPerson;
  let chat: number;
  let folder: string;
  const failures: string[] = [];
  /** At the provider: what came for alice, and what she wrote, as another server took it. */
  const passed = { in: [] as Uint8Array[], out: [] as Uint8Array[] };

  before(async () => {
    folder = await temporaryFolder();
    network = await startMailNetwork({
      ...{ databaseUrl: undefined, onStep: () => undefined },
      reportFailure: ({ message }) => failures.push(message),
    });
    network.provider.watchers.add(({ bytes }, way) => passed[way].push(bytes));
    alice = await network.newMailUser("alice");
    carol = await network.newDm3User("carol");
    to = await network.introduce(carol, await alice.vCard());
  });
  after(async () => {
    await network.stop();
    await removeFolder(folder);
  });

  const say = async (content: MessageContent): Promise<string> => {
    const { messageHash, state } = await (await carol.write(to, content)).sent;
    expect(state).to.equal("accepted");
    return messageHash!;
  };
  const newText = (text: string): MessageContent => ({ type: "NEW", text });
  const shown = (wanted: string): Promise<ShownMessage> =>
    alice.sees(({ text }) => text === wanted);
  /** What carol gets next of this type. */
  const hears = (type: MessageContent["type"]) =>
    until(() => carol.read.find(({ content }) => content.type === type));

  it("shows a text as encrypted and from its sender, and the answer is signed by the mail user", async () => {
    const hash = await say(newText("Hello Alice"));
    const first = await shown("Hello Alice");
    chat = first.chatId;
    expect(first.showPadlock).to.equal(true);
    expect(first.sender.address).to.equal("carol.users.example.eth@dm3.test");
    await alice.call("accept_chat", chat);
    await alice.write(chat, { text: "Hello Carol", quotedMessageId: first.id });
    const { from, content, signer } = await reads(carol, "Hello Carol");
    expect({ from, signer }).to.deep.equal({ from: "alice@mail.test", signer: "known" });
    expect(content).to.deep.equal({ type: "REPLY", reference: hash, text: "Hello Carol" });
  });

  it("threads replies on both sides", async () => {
    await alice.write(chat, { text: "a question" });
    const question = await reads(carol, "a question");
    expect(question.content.type).to.equal("NEW");
    const { messageHash: reference } = question;
    await say({ type: "REPLY", text: "its answer", reference });
    const answer = await shown("its answer");
    expect((await alice.message(answer.quote!.messageId!)).text).to.equal("a question");
  });

  it("lets a mail user write first, by a vCard", async () => {
    const bob = await network.newDm3User("bob");
    const { name, address, key } = bob;
    const card = { name, address, certificate: key.certificate };
    const chatWithBob = await alice.importVCard(writeVCard(card));
    await alice.write(chatWithBob, { text: "Hello Bob" });
    const { from, content, signer } = await reads(bob, "Hello Bob");
    expect({ from, signer }).to.deep.equal({ from: "alice@mail.test", signer: "new" });
    expect(content).to.deep.equal({ type: "NEW", text: "Hello Bob" });
  });

  it("brings reactions both ways, and takes one back", async () => {
    const reference = await say(newText("to react to"));
    const { id } = await shown("to react to");
    await alice.call("send_reaction", id, ["🎉"]);
    expect((await hears("REACTION")).content).to.deep.equal({
      ...{ type: "REACTION", text: "🎉", reference },
    });
    const hers = await alice.write(chat, { text: "react to this" });
    const { messageHash } = await reads(carol, "react to this");
    await say({ type: "REACTION", text: "👍", reference: messageHash });
    const { reactions } = await until(async () => {
      const one = await alice.message(hers);
      return one.reactions !== null && one;
    });
    expect(reactions!.reactions.map(({ emoji }) => emoji)).to.deep.equal(["👍"]);
  });

  it("brings edits and deletions both ways", async () => {
    const reference = await say(newText("first text"));
    const { id } = await shown("first text");
    await say({ type: "EDIT", text: "second text", reference });
    await until(async () => (await alice.message(id)).isEdited);
    expect((await alice.message(id)).text).to.equal("second text");
    await say({ type: "DELETE_REQUEST", reference });
    await until(async () => (await alice.messages()).every((one) => one.id !== id));

    const hers = await alice.write(chat, { text: "hers" });
    const { messageHash } = await reads(carol, "hers");
    await alice.call("send_edit_request", hers, "hers, edited");
    expect((await hears("EDIT")).content).to.deep.equal({
      ...{ type: "EDIT", text: "hers, edited", reference: messageHash },
    });
    await alice.program.call("delete_messages_for_all", alice.account, [hers]);
    expect((await hears("DELETE_REQUEST")).content).to.deep.equal({
      ...{ type: "DELETE_REQUEST", reference: messageHash },
    });
  });

  it("brings read receipts both ways", async () => {
    const hers = await alice.write(chat, { text: "read this" });
    const { messageHash: reference } = await reads(carol, "read this");
    await until(async () => (await alice.message(hers)).state === MESSAGE_STATES.delivered);
    await say({ type: "READ_OPENED", reference });
    await until(async () => (await alice.message(hers)).state === MESSAGE_STATES.read);

    const ours = await say(newText("see this"));
    const { id } = await shown("see this");
    await alice.call("markseen_msgs", [id]);
    await until(() =>
      carol.read.some(
        ({ content }) => content.type === "READ_OPENED" && content.reference === ours,
      ),
    );
  });

  it("brings a file of 5 MB both ways, byte for byte", async () => {
    const bytes = randomBytes(FILE_BYTES);
    const data = `data:application/octet-stream;base64,${bytes.toString("base64")}`;
    await say({ type: "NEW", text: "a file", attachments: [{ name: "large.bin", data }] });
    const { file, fileName } = await alice.sees(
      (one) => one.text === "a file" && one.file !== null,
    );
    expect(fileName).to.equal("large.bin");
    expect(sha256Of(await readFile(file!))).to.equal(sha256Of(bytes));

    await writeFile(`${folder}/hers.bin`, bytes);
    await alice.write(chat, { text: "", file: `${folder}/hers.bin`, filename: "hers.bin" });
    const attachment = await until(() =>
      carol.read
        .flatMap(({ content }) => ("attachments" in content ? (content.attachments ?? []) : []))
        .find(({ name }) => name === "hers.bin"),
    );
    const [, back = ""] = attachment.data.split(",");
    expect(sha256Of(Buffer.from(back, "base64"))).to.equal(sha256Of(bytes));
  });

  it("changes no byte of what is encrypted, from app to app", async () => {
    const { entity } = await carol.write(to, newText("the same bytes"));
    await shown("the same bytes");
    expect(bodyHash(passed.in.at(-1)!)).to.equal(bodyHash(entity));

    await alice.write(chat, { text: "her same bytes" });
    const { mail } = await reads(carol, "her same bytes");
    expect(bodyHash(mail!)).to.equal(bodyHash(passed.out.at(-1)!));
  });

  it("signs what it sends, and shows nothing of the content outside", async () => {
    const { rsa, ed25519 } = network.world.bridge;
    const records = new Map(
      [rsa, ed25519].map((key) => {
        const { name, text } = dkimRecord(key, "dm3.test");
        return [name, text];
      }),
    );
    const resolver = (name: string) => Promise.resolve([[records.get(name) ?? ""]]);
    const { results } = await dkimVerify(Buffer.from(passed.in.at(-1)!), { resolver });
    expect(results.map(({ status }) => status.result)).to.deep.equal(["pass", "pass"]);
    for (const mail of passed.in) {
      const header = split(mail)[0].toString("latin1");
      expect(header).to.include("\r\nSubject: ...\r\n");
      expect(header).to.match(/\r\nAutocrypt: addr=carol\.users\.example\.eth@dm3\.test;/);
    }
  });

  it("read everything that came", () => {
    // Delta Chat tells all of its contacts of its key now and then, encrypted and unsigned: nothing to be shown
    const unread = carol.problems.filter(({ code }) => code !== "MAIL_UNSIGNED");
    expect(unread).to.deep.equal([]);
    expect(failures).to.deep.equal([]);
  });
});

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const bodyHash = (mail: Uint8Array) => sha256Of(split(mail)[1]);

/** Header and body. */
function split(mail: Uint8Array): readonly [Buffer, Buffer] {
  const bytes = Buffer.from(mail);
  const end = bytes.indexOf("\r\n\r\n");
  return [bytes.subarray(0, end + 2), bytes.subarray(end + 4)];
}
