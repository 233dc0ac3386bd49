/** Delta Chat's stock core, unchanged, on a small mail server: what it shows of our mails, and what we read of its. */
import { randomBytes } from "node:crypto";
import { expect } from "chai";
import * as openpgp from "openpgp";
import type { MessageId } from "../../../src/codecs/openpgp-mime/content/mailContent.js";
import type { WrittenContent } from "../../../src/codecs/openpgp-mime/content/writeContent.js";
import type { DecodedMail } from "../../../src/codecs/openpgp-mime/decodeMail.js";
import {
  answerInvitation,
  confirmInvitation,
} from "../../../src/codecs/openpgp-mime/invitationAnswer.js";
import { writeInvitation } from "../../../src/codecs/openpgp-mime/keys/invitation.js";
import { rotateMailKey } from "../../../src/codecs/openpgp-mime/keys/mailKey.js";
import { readVCards, writeVCard } from "../../../src/codecs/openpgp-mime/keys/vCard.js";
import { newMessageId } from "../../../src/codecs/openpgp-mime/messageId.js";
import { DeltaChat } from "../../../src/demo/mail/deltaChat.js";
import type { Mailbox } from "../../../src/demo/mail/mailboxes.js";
import { type MailServer, startMailServer } from "../../../src/demo/mail/mailServer.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { forgedMail } from "./forgedMail.js";
import { type Correspondent, mailOf, MailUser, newText } from "./mailUser.js";

const ALICE = "alice@mail.test";

/** What is looked at of a message of Delta Chat. */
interface ShownMessage {
  readonly id: number;
  readonly text: string;
  readonly showPadlock: boolean;
  readonly error: string | null;
  readonly state: number;
  readonly isEdited: boolean;
  readonly sender: {
    readonly address: string;
    readonly displayName: string;
    readonly status: string;
  };
  readonly quote: {
    readonly kind: string;
    readonly text: string;
    readonly messageId?: number;
  } | null;
  readonly reactions: { readonly reactions: readonly { readonly emoji: string }[] } | null;
  readonly file: string | null;
  readonly fileName: string | null;
  readonly chatId: number;
}

/** States of messages that it sent. */
const [DELIVERED, READ, FAILED] = [26, 28, 24];

describe("openpgp-mime with Delta Chat", function () {
  this.timeout(180_000);
  let server: MailServer;
  let folder: string;
  let dc: DeltaChat;
  let alice: number;
  let aliceContact: Correspondent;
  let carol: MailUser;
  let inbox: Mailbox;
  let read = 0;
  let chat: number;

  before(async () => {
    folder = await temporaryFolder();
    server = await startMailServer();
    dc = await DeltaChat.start(`${folder}/accounts`);
    alice = await dc.addAccount({ address: ALICE, password: "secret" }, server);
    carol = await MailUser.make("carol.eth@mail.test");
    inbox = server.accounts.add({ address: carol.address, password: "secret" });
    const [card] = readVCards(await dc.call<string>("make_vcard", alice, [1]));
    aliceContact = { address: card!.address, certificate: card!.certificate! };
  });
  after(async () => {
    await dc.stop();
    await server.stop();
    await removeFolder(folder);
  });

  async function until<Value>(
    find: () => Promise<Value | null | undefined | false>,
  ): Promise<Value> {
    for (let tries = 0; tries < 300; tries++) {
      const found = await find();
      if (found !== null && found !== undefined && found !== false) return found;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error("It did not happen in 15 seconds.");
  }

  const shown = (id: number) => dc.call<ShownMessage>("get_message", alice, id);

  async function messages(): Promise<readonly ShownMessage[]> {
    const chats = await dc.call<number[]>("get_chatlist_entries", alice, 0, null, null);
    const ids = await Promise.all(
      chats.map((one) => dc.call<number[]>("get_message_ids", alice, one, false, false)),
    );
    return Promise.all(ids.flat().map(shown));
  }

  async function say(content: WrittenContent): Promise<MessageId> {
    const { entity, messageId } = await carol.write(aliceContact, content, {
      fromName: "carol.eth",
    });
    server.accounts.inboxOf(ALICE)!.put(mailOf(carol.address, ALICE, entity));
    return messageId;
  }

  const sees = (wanted: (message: ShownMessage) => boolean) =>
    until(async () => (await messages()).find(wanted));

  async function carolHears(): Promise<DecodedMail> {
    const mail = await until(() => Promise.resolve(inbox.mails[read]));
    read += 1;
    return carol.read(mail.bytes);
  }

  it("opens a chat when we write first, shows the text as encrypted, and answers", async () => {
    const text = "Grüße 🙂\n> no quote\n-- \nno footer";
    await say(newText(text));
    const message = await sees(({ sender }) => sender.address === carol.address);
    expect(message.text).to.equal(text);
    expect(message.showPadlock).to.equal(true);
    expect(message.sender.displayName).to.equal("carol.eth");
    chat = message.chatId;
    await dc.call("accept_chat", alice, chat);
    await dc.call("misc_send_text_message", alice, chat, "Hello Carol\n-- \nbelow");
    const { from, signer, content } = await carolHears();
    expect(from).to.equal(ALICE);
    expect(signer.is).to.equal("new");
    expect(content).to.deep.equal({ type: "NEW", text: "Hello Carol\n-- \nbelow", files: [] });
    carol.contacts.set(ALICE, signer.certificate!);
  });

  it("shows a reply with what it is about, and ours is read with its own", async () => {
    await dc.call("misc_send_text_message", alice, chat, "question");
    const question = await carolHears();
    const about = question.messageId!;
    await say({ type: "REPLY", about, quote: "question", text: "> answer", files: [] });
    const answer = await sees(({ text }) => text === "> answer");
    expect(answer.quote?.kind).to.equal("WithMessage");
    expect(answer.quote?.text).to.equal("question");
    await say({ type: "REPLY", about, text: "without its text", files: [] });
    const second = await sees(({ text }) => text === "without its text");
    expect((await shown(second.quote!.messageId!)).text).to.equal("question");

    const ours = await say(newText("ours"));
    const { id } = await sees(({ text }) => text === "ours");
    await dc.call("send_msg", alice, chat, { text: "to yours", quotedMessageId: id });
    const { content, signer } = await carolHears();
    expect(signer.is).to.equal("known");
    expect(content).to.deep.equal({
      type: "REPLY",
      about: ours,
      quote: "ours",
      text: "to yours",
      files: [],
    });
  });

  it("takes a reaction, an edit and a deletion, and sends them", async () => {
    await dc.call("misc_send_text_message", alice, chat, "hers");
    const about = (await carolHears()).messageId!;
    const hers = await sees(({ text }) => text === "hers");
    await say({ type: "REACTION", about, text: "👍" });
    const reacted = await until(async () => (await shown(hers.id)).reactions);
    expect(reacted.reactions[0]!.emoji).to.equal("👍");
    await say({ type: "REACTION", about, text: "" });
    await until(async () => (await shown(hers.id)).reactions === null);

    const first = await say(newText("first text"));
    const ours = await sees(({ text }) => text === "first text");
    await say({ type: "EDIT", about: first, text: "> second text" });
    await until(async () => (await shown(ours.id)).isEdited);
    expect((await shown(ours.id)).text).to.equal("> second text");

    await dc.call("send_reaction", alice, ours.id, ["🎉"]);
    expect((await carolHears()).content).to.deep.equal({
      type: "REACTION",
      about: first,
      text: "🎉",
    });
    await dc.call("send_edit_request", alice, hers.id, "hers, edited");
    expect((await carolHears()).content).to.deep.equal({
      type: "EDIT",
      about,
      text: "hers, edited",
    });
    await dc.call("delete_messages_for_all", alice, [hers.id]);
    expect((await carolHears()).content).to.deep.equal({ type: "DELETE_REQUEST", about: [about] });

    await say({ type: "DELETE_REQUEST", about: [first] });
    await until(async () => (await messages()).every(({ id }) => id !== ours.id));
  });

  it("exchanges receipts", async () => {
    const id = await dc.call<number>("misc_send_text_message", alice, chat, "read this");
    const about = (await carolHears()).messageId!;
    await until(async () => (await shown(id)).state === DELIVERED);
    await say({ type: "READ_OPENED", about });
    await until(async () => (await shown(id)).state === READ);

    const ours = await say(newText("see this"));
    const seen = await sees(({ text }) => text === "see this");
    await dc.call("markseen_msgs", alice, [seen.id]);
    expect((await carolHears()).content).to.deep.equal({ type: "READ_OPENED", about: ours });
  });

  it("shows any receipt as read, so that READ_RECEIVED has no mail", async () => {
    const id = await dc.call<number>("misc_send_text_message", alice, chat, "only received");
    const about = (await carolHears()).messageId!;
    await until(async () => (await shown(id)).state === DELIVERED);
    const inside = [
      `From: <${carol.address}>`,
      "Chat-Version: 1.0",
      'Content-Type: multipart/report; report-type=disposition-notification; boundary="x"',
      "",
      "--x\r\n\r\nreceived",
      "--x\r\nContent-Type: message/disposition-notification\r\n",
      `Final-Recipient: rfc822; ${carol.address}`,
      `Original-Message-ID: ${about}`,
      "Disposition: automatic-action/MDN-sent-automatically; processed",
      "--x--",
      "",
    ].join("\r\n");
    const parts = { inside, to: aliceContact, signedBy: carol, outerFrom: carol.address };
    server.accounts.inboxOf(ALICE)!.put(await forgedMail(parts));
    await until(async () => (await shown(id)).state === READ);
  });

  it("marks a message failed by a report inside of an encrypted mail, and opens no chat", async () => {
    const bridge = await MailUser.make("mailer-daemon@mail.test");
    const id = await dc.call<number>("misc_send_text_message", alice, chat, "never arrives");
    const about = (await carolHears()).messageId!;
    const chats = (await dc.call<number[]>("get_chatlist_entries", alice, 0, null, null)).length;
    const { entity } = await bridge.write(aliceContact, {
      ...{ type: "REPORT", about, action: "failed", status: "5.1.1" },
      ...{ sentence: "carol.eth has no profile any more.", recipient: carol.address },
    });
    server.accounts.inboxOf(ALICE)!.put(mailOf(bridge.address, ALICE, entity));
    await until(async () => (await shown(id)).state === FAILED);
    expect((await shown(id)).error).to.include("carol.eth has no profile any more.");
    expect(await dc.call<number[]>("get_chatlist_entries", alice, 0, null, null)).to.have.length(
      chats,
    );
  });

  it("gets a file byte for byte, and sends one", async () => {
    const bytes = Buffer.from("line\r\n\ttrailing  \r\nÄ\0", "utf8");
    const file = { name: "Übersicht, neu.bin", mediaType: "application/octet-stream", bytes };
    await say({ type: "NEW", text: "a file", files: [file] });
    const message = await sees(({ text }) => text === "a file");
    expect(message.fileName).to.equal(file.name);
    const { readFile, writeFile } = await import("node:fs/promises");
    expect(await readFile(message.file!)).to.deep.equal(bytes);

    await writeFile(`${folder}/hers.bin`, bytes);
    await dc.call("send_msg", alice, chat, {
      text: "mine",
      file: `${folder}/hers.bin`,
      filename: "Ähm.bin",
    });
    const { content } = await carolHears();
    if (content.type !== "NEW") throw new Error(content.type);
    expect(content.text).to.equal("mine");
    expect(content.files.map(({ name }) => name)).to.deep.equal(["Ähm.bin"]);
    expect(Buffer.from(content.files[0]!.bytes)).to.deep.equal(bytes);
  });

  it("exchanges a file of 5 MB, byte for byte", async () => {
    const bytes = randomBytes(5_000_000);
    const file = { name: "large.bin", mediaType: "application/octet-stream", bytes };
    await say({ type: "NEW", text: "large", files: [file] });
    const message = await sees(({ text, file: place }) => text === "large" && place !== null);
    const { readFile } = await import("node:fs/promises");
    expect((await readFile(message.file!)).equals(bytes)).to.equal(true);

    await dc.call("send_msg", alice, chat, {
      text: "back",
      file: message.file,
      filename: "back.bin",
    });
    // the text first, in a mail of its own, and then the file
    const mails = [await carolHears(), await carolHears()];
    expect(mails.map(({ part }) => part)).to.deep.equal([
      { is: "beginning", fileName: "back.bin", fileBytes: bytes.length },
      { is: "rest" },
    ]);
    const [about, ofRest] = mails.map(({ messageId }) => messageId);
    expect(about).to.equal(ofRest);
    const contents = mails.map(({ content }) => content);
    const written = contents.flatMap((content) => (content.type === "NEW" ? [content] : []));
    expect(written.map(({ text }) => text)).to.include("back");
    const files = written.flatMap((content) => content.files);
    expect(files.map(({ bytes: got }) => bytes.equals(got))).to.deep.equal([true]);
    await say({ type: "REACTION", about: about!, text: "📎" });
    await sees(({ text, reactions }) => text === "back" && reactions !== null);
  });

  it("writes first to a vCard of ours", async () => {
    const dora = await MailUser.make("dora.eth@mail.test");
    const hers = server.accounts.add({ address: dora.address, password: "secret" });
    const [id] = await dc.call<number[]>("import_vcard_contents", alice, writeVCard(dora.vCard));
    const chatOfDora = await dc.call<number>("create_chat_by_contact_id", alice, id);
    await dc.call("misc_send_text_message", alice, chatOfDora, "Hello Dora");
    const mail = await until(() => Promise.resolve(hers.mails[0]));
    expect((await dora.read(mail.bytes)).content).to.deep.equal(newText("Hello Dora"));
  });

  it("writes to our new encryption subkey after a rotation, in the same chat", async () => {
    const rotated = await rotateMailKey(carol.key.privateKey);
    const newest = await openpgp.readPrivateKey({ binaryKey: rotated.privateKey });
    newest.subkeys = newest.subkeys.slice(-1);
    carol.key = { ...rotated, privateKey: newest.write() };
    await say(newText("with a new subkey"));
    const message = await sees(({ text }) => text === "with a new subkey");
    expect(message.chatId).to.equal(chat);
    await dc.call("misc_send_text_message", alice, chat, "to the new subkey");
    expect((await carolHears()).content).to.deep.equal(newText("to the new subkey"));
  });

  it("follows an invitation link of ours, all four mails encrypted, and refuses a wrong one", async () => {
    const erin = await MailUser.make("erin.eth@mail.test");
    const mails = server.accounts.add({ address: erin.address, password: "secret" }).mails;
    const invitation = {
      ...{ fingerprint: erin.key.fingerprint, address: erin.address, name: "erin.eth" },
      ...{ invitationNumber: "NumberOfIt1", authentication: randomBytes(18).toString("base64url") },
    };
    const chatOfErin = await dc.call<number>("secure_join", alice, writeInvitation(invitation));
    const request = (await until(() => Promise.resolve(mails[0]))).bytes;
    const identity = () => ({
      ...{ from: erin.address, fromName: "erin.eth", dateMs: Date.now() },
      ...{ messageId: newMessageId(randomBytes(16), "mail.test"), privateKey: erin.key.privateKey },
    });
    const other = { ...invitation, authentication: "anotherSecretOfIt" };
    expect(await answerInvitation(request, other, identity())).to.equal(null);
    const answer = await answerInvitation(request, invitation, identity());
    expect(answer?.to).to.equal(ALICE);
    server.accounts.inboxOf(ALICE)!.put(mailOf(erin.address, ALICE, answer!.entity));

    const third = await erin.read((await until(() => Promise.resolve(mails[1]))).bytes);
    expect(() => confirmInvitation(third, other)).to.throw("does not have the secret");
    const confirmation = confirmInvitation(third, invitation);
    expect(third.signer.is).to.equal("new");
    const invited = { address: third.from, certificate: third.signer.certificate! };
    const { entity } = await erin.write(invited, confirmation);
    server.accounts.inboxOf(ALICE)!.put(mailOf(erin.address, ALICE, entity));

    await dc.call("misc_send_text_message", alice, chatOfErin, "Hello Erin");
    const last = await until(() => Promise.resolve(mails[2]));
    expect((await erin.read(last.bytes)).content).to.deep.equal(newText("Hello Erin"));
  });

  it("is the same person from a second address, which is told", async () => {
    const second = "alice@second.test";
    await dc.addTransport(alice, { address: second, password: "secret" }, server);
    await dc.call("set_config", alice, "configured_addr", second);
    await dc.call("misc_send_text_message", alice, chat, "from elsewhere");
    const { from, signer, content } = await carolHears();
    expect([from, signer.is]).to.deep.equal([second, "moved"]);
    expect(content).to.deep.equal(newText("from elsewhere"));
  });
});
