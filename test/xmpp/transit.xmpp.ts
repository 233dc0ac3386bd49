/**
 * From one network through DM3 to another: a user of an XMPP server behind a gateway and somebody with mail behind a bridge write
 * to one another in OpenPGP, end to end. The gateway sees DM3's envelopes, the bridge opens them, and only the two apps the mail.
 */
import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { type LoopbackDns, startDns } from "../../src/demo/mail/dnsServer.js";
import { providerOf } from "../../src/demo/mail/provider.js";
import { MAIL_DOMAIN, type MailWorld, startMailWorld } from "../../src/demo/mailWorld.js";
import { startXmppWorld, type XmppUser, type XmppWorld } from "../../src/demo/xmppWorld.js";
import { nativeAttachment } from "../../src/dm3/message/nativeMessage.js";
import type { IncomingMessage } from "../../src/sdk/xmppNode.js";
import { arrivals } from "../arrivals.js";
import { mailOf, MailUser, newText } from "../codecs/openpgp-mime/mailUser.js";
import { type Mailbox, startMailbox } from "../mail/mailbox.js";
import { signedBy } from "../mail/mails.js";
import { deliver } from "../mail/smtpTalk.js";

const ALICE = "alice@mail.test";
const provider = providerOf("mail.test");

describe("transit: from XMPP to mail and back", function () {
  this.timeout(360_000);
  let xmpp: XmppWorld;
  let mail: MailWorld;
  let dns: LoopbackDns;
  let mailbox: Mailbox;
  /** With a program for mail that knows nothing of DM3. */
  let alice: MailUser;
  let bob: XmppUser;
  /** The codec in bob's app. */
  let bobsMail: MailUser;
  const read = arrivals<IncomingMessage>();
  let reading: Promise<void>;

  before(async () => {
    dns = await startDns();
    dns.zones.set(provider.name, { TXT: [provider.record] });
    mailbox = await startMailbox();
    const told = {
      databaseUrl: undefined,
      onStep: () => undefined,
      reportFailure: (error: Error) => {
        console.error(error);
      },
    };
    xmpp = await startXmppWorld({ ...told, kind: "prosody" });
    mail = await startMailWorld({
      ...{ ...told, demo: xmpp.demo, smarthostPort: mailbox.port, dnsServer: dns.server },
    });
    bob = await xmpp.newUser("bob");
    bobsMail = await MailUser.make(`${bob.name}@${MAIL_DOMAIN}`);
    alice = await MailUser.make(ALICE);
    alice.contacts.set(bobsMail.address, bobsMail.certificate);
    bobsMail.contacts.set(ALICE, alice.certificate);
    reading = (async () => {
      for await (const message of bob.messenger.messages()) {
        read.add(message);
        await bob.messenger.acknowledge(message);
      }
    })();
  });
  after(async () => {
    await mail.stop();
    await xmpp.stop();
    await reading;
    await mailbox.stop();
    await dns.stop();
  });

  const attached = (entity: Uint8Array) =>
    ({ type: "NEW", text: "Mail.", attachments: [nativeAttachment(entity)] }) as const;
  const mailIn = ({ content }: IncomingMessage) => bob.messenger.openNative(content);

  it("carries what the XMPP user's app encrypted, byte for byte, and the answer to it", async () => {
    const to = await mail.introduce(ALICE);
    const { entity, messageId } = await bobsMail.write(alice, newText("Hello Alice"));
    const { id } = await bob.messenger.send(to, attached(entity));
    expect((await bob.messenger.settled(id)).state).to.equal("accepted");
    const { bytes } = await mailbox.mails.first(({ recipients }) => recipients.includes(ALICE));
    expect(bodyOf(bytes)).to.equal(bodyOf(entity));
    const decoded = await alice.read(bytes);
    expect(decoded).to.include({ from: bobsMail.address, messageId });
    expect(decoded.content).to.include({ type: "NEW", text: "Hello Alice" });
    expect(decoded.signer.is).to.equal("known");

    const answer = await alice.write(bobsMail, {
      ...{ type: "REPLY", about: messageId, text: "Hello Bob", files: [] },
    });
    expect(await sendFrom(alice, answer.entity)).to.match(/^250/);
    const message = await read.first(({ from }) => from === to);
    const got = (await mailIn(message))!;
    expect(bodyOf(got)).to.equal(bodyOf(answer.entity));
    const opened = await bobsMail.read(got, ALICE);
    expect(opened.content).to.include({ type: "REPLY", text: "Hello Bob" });
    expect(opened.signer.is).to.equal("known");
  });

  it("brings a mail that is too large for an XMPP server by reference, both ways", async () => {
    const to = await mail.introduce(ALICE);
    const noise = randomBytes(60_000).toString("hex");
    const { entity, messageId } = await bobsMail.write(alice, newText(noise));
    await bob.messenger.send(to, attached(entity));
    const isLong = ({ bytes, recipients }: { bytes: Uint8Array; recipients: readonly string[] }) =>
      recipients.includes(ALICE) && bytes.length > noise.length / 2;
    const { bytes } = await mailbox.mails.first(isLong);
    expect(bodyOf(bytes)).to.equal(bodyOf(entity));
    const decoded = await alice.read(bytes);
    expect(decoded).to.include({ from: bobsMail.address, messageId });
    expect(decoded.content).to.include({ text: noise });

    const answer = await alice.write(bobsMail, newText(noise));
    expect(await sendFrom(alice, answer.entity)).to.match(/^250/);
    const message = await read.first(isByReference);
    const opened = await bobsMail.read((await mailIn(message))!, ALICE);
    expect(opened.content).to.include({ type: "NEW", text: noise });
  });

  const isByReference = ({ content }: IncomingMessage) =>
    "attachments" in content && content.attachments[0]?.data.startsWith("http") === true;

  async function sendFrom(user: MailUser, entity: Uint8Array): Promise<string> {
    const text = Buffer.from(mailOf(user.address, bobsMail.address, entity)).toString("latin1");
    return deliver(mail.smtpPort, await signedBy(text, provider), {
      ...{ from: user.address, to: [bobsMail.address] },
    });
  }
});

function bodyOf(mail: Uint8Array): string {
  const text = Buffer.from(mail).toString("latin1");
  return text.slice(text.indexOf("\r\n\r\n") + 4);
}
