/** First contact by an invitation link of a DM3 user, followed in stock Delta Chat: all four mails go through the bridge, encrypted. */
import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { io } from "socket.io-client";
import {
  answerInvitation,
  confirmInvitation,
} from "../../src/codecs/openpgp-mime/invitationAnswer.js";
import { writeInvitation } from "../../src/codecs/openpgp-mime/keys/invitation.js";
import { newMessageId } from "../../src/codecs/openpgp-mime/messageId.js";
import type { DeltaChatUser } from "../../src/demo/mail/deltaChatUser.js";
import { type MailNetwork, startMailNetwork } from "../../src/demo/mailNetwork.js";
import { nativeAttachment, nativeBytesOf } from "../../src/dm3/message/nativeMessage.js";
import {
  createMessenger,
  type IncomingMessage,
  type Messenger,
  openMessageKeys,
} from "../../src/sdk/messagesNode.js";
import { type Arrivals, arrivals } from "../arrivals.js";
import { MailUser, newText } from "../codecs/openpgp-mime/mailUser.js";
import { ensOf } from "../xmpp/wholeScene.js";

describe("an invitation link of a DM3 user", function () {
  this.timeout(540_000);
  let network: MailNetwork;
  let alice: DeltaChatUser;
  let bob: Messenger;
  /** The codec in bob's app. */
  let bobsMail: MailUser;
  const read: Arrivals<IncomingMessage> = arrivals();
  let reading: Promise<void>;

  before(async () => {
    network = await startMailNetwork({
      ...{ databaseUrl: undefined, onStep: () => undefined },
      reportFailure: (error) => {
        console.error(error);
      },
    });
    alice = await network.newMailUser("alice");
    const { name, keys } = network.world.demo.people[1]!;
    bobsMail = await MailUser.make(`${name}@dm3.test`);
    bob = createMessenger({
      ...{ ...ensOf(network.world), name, keys: await openMessageKeys(keys), io },
    });
    reading = (async () => {
      for await (const message of bob.messages()) {
        read.add(message);
        await bob.acknowledge(message);
      }
    })();
  });
  after(async () => {
    await bob.stop();
    await reading;
    await network.stop();
  });

  /** The mail in bob's so many-th message. */
  async function mailIn(place: number): Promise<Uint8Array> {
    const { content } = await read.first((message) => read.all.indexOf(message) === place);
    return nativeBytesOf("attachments" in content ? content.attachments : undefined)!;
  }

  async function answer(entity: Uint8Array): Promise<void> {
    const { from } = read.all[0]!;
    const { id } = await bob.send(from, {
      ...{ type: "NEW", text: "Mail.", attachments: [nativeAttachment(entity)] },
    });
    expect((await bob.settled(id)).state).to.equal("accepted");
  }

  it("ends in an encrypted chat with a person whose certificate is known", async () => {
    const { address, key } = bobsMail;
    const invitation = {
      ...{ fingerprint: key.fingerprint, address, name: "bob" },
      ...{ invitationNumber: "NumberOfIt1", authentication: randomBytes(18).toString("base64url") },
    };
    const chat = await alice.call<number>("secure_join", writeInvitation(invitation));
    const request = await mailIn(0);
    const first = await answerInvitation(request, invitation, {
      ...{ from: address, fromName: "bob", dateMs: Date.now(), privateKey: key.privateKey },
      messageId: newMessageId(randomBytes(16), "dm3.test"),
    });
    expect(first?.to).to.equal(alice.address);
    await answer(first!.entity);

    const proof = await bobsMail.read(await mailIn(1), alice.address);
    const invited = { address: proof.from, certificate: proof.signer.certificate! };
    const { entity } = await bobsMail.write(invited, confirmInvitation(proof, invitation));
    await answer(entity);

    await alice.write(chat, { text: "Hello Bob" });
    const hello = await bobsMail.read(await mailIn(2), alice.address);
    expect(hello.content).to.deep.equal(newText("Hello Bob"));
    bobsMail.contacts.set(alice.address, invited.certificate);
    await answer((await bobsMail.write(invited, newText("Hello Alice"))).entity);
    const { chatId, showPadlock } = await alice.sees(({ text }) => text === "Hello Alice");
    expect({ chatId, showPadlock }).to.deep.equal({ chatId: chat, showPadlock: true });
  });
});
