/** The whole bridge as a service: a DM3 user and a mail user write to one another, through real SMTP, ENS and Postgres. */
import { expect } from "chai";
import { io } from "socket.io-client";
import { readAutocrypt } from "../../../src/codecs/openpgp-mime/keys/autocrypt.js";
import { makeMailKey } from "../../../src/codecs/openpgp-mime/keys/mailKey.js";
import { readVCards } from "../../../src/codecs/openpgp-mime/keys/vCard.js";
import { wkdHash } from "../../../src/codecs/openpgp-mime/keys/wkd.js";
import { type LoopbackDns, startDns } from "../../../src/demo/mail/dnsServer.js";
import { providerOf } from "../../../src/demo/mail/provider.js";
import { MAIL_DOMAIN, type MailWorld, startMailWorld } from "../../../src/demo/mailWorld.js";
import { encodeBase64 } from "../../../src/dm3/base64.js";
import { nativeAttachment, nativeBytesOf } from "../../../src/dm3/message/nativeMessage.js";
import { signCertificate } from "../../../src/dm3/statement/certificate.js";
import {
  createMessenger,
  type IncomingMessage,
  type Messenger,
  openMessageKeys,
} from "../../../src/sdk/messagesNode.js";
import { arrivals } from "../../arrivals.js";
import { type Mailbox, startMailbox } from "../../mail/mailbox.js";
import {
  armoredFor,
  ENCRYPTED_TYPE,
  encryptedBody,
  mailOf,
  openPgpUser,
  signedBy,
} from "../../mail/mails.js";
import { deliver, talkTo } from "../../mail/smtpTalk.js";

const BOB = "bob@mail.test";
const BOB_NAME = "bob.mail.test.bridge.example.eth";

describe("capability: mail", () => {
  let dns: LoopbackDns;
  let mailbox: Mailbox;
  let world: MailWorld;
  let alice: Messenger;
  let armored: string;
  /** What alice reads. */
  const read = arrivals<IncomingMessage>();
  let reading: Promise<void>;
  const provider = providerOf("mail.test");

  before(async () => {
    dns = await startDns();
    dns.zones.set(provider.name, { TXT: [provider.record] });
    mailbox = await startMailbox();
    world = await startMailWorld({
      ...{ databaseUrl: undefined, smarthostPort: mailbox.port, dnsServer: dns.server },
      onStep: () => undefined,
      reportFailure: (error) => {
        console.error(error);
      },
    });
    const [person] = world.demo.people;
    const { chain, ens } = world.demo;
    alice = createMessenger({
      ...{ name: person!.name, keys: await openMessageKeys(person!.keys) },
      ...{ rpc: chain.rpcUrl, ensRegistry: ens.registry },
      ...{ universalResolver: ens.universalResolver, allowLoopback: true, io },
    });
    // her relay nodes know her then
    for await (const message of alice.messages({ follow: false })) read.add(message);
    reading = (async () => {
      for await (const message of alice.messages()) {
        read.add(message);
        await alice.acknowledge(message);
      }
    })();
    armored = await armoredFor((await openPgpUser(BOB)).publicKey, "Hello Bob");
  });
  after(async () => {
    await alice.stop();
    await reading;
    await world.stop();
    await mailbox.stop();
    await dns.stop();
  });

  const entity = () => Buffer.from(`${ENCRYPTED_TYPE}\r\n\r\n${encryptedBody(armored)}`);

  it("gives a mail user a name once, which resolves at once", async () => {
    expect(await world.introduce(BOB)).to.equal(BOB_NAME);
    expect(await world.introduce("Bob@MAIL.test")).to.equal(BOB_NAME);
  });

  it("carries what alice encrypted to the mail user, byte for byte, signed by DKIM", async () => {
    const to = await world.introduce(BOB);
    await alice.send(to, { type: "NEW", text: "", attachments: [nativeAttachment(entity())] });
    const mail = await mailbox.mails.first(({ recipients }) => recipients.includes(BOB));
    const text = mail.bytes.toString("latin1");
    expect(text).to.include(encryptedBody(armored));
    expect(text).to.include(`From: <alice.users.example.eth@${MAIL_DOMAIN}>`);
    expect(text.match(/^DKIM-Signature:/gm)).to.have.length(2);
  });

  it("carries a mail to alice, from the name of its author", async () => {
    const mail = await signedBy(mailOf({ from: BOB, body: encryptedBody(armored) }), provider);
    const talk = await talkTo(world.smtpPort);
    await talk.say("EHLO mail.test");
    await talk.say(`MAIL FROM:<${BOB}>`);
    expect(await talk.say(`RCPT TO:<alice.users.example.eth@${MAIL_DOMAIN}>`)).to.match(/^250/);
    expect(await talk.say(`RCPT TO:<nobody.users.example.eth@${MAIL_DOMAIN}>`)).to.match(/^550/);
    await talk.say("DATA");
    expect(await talk.say(`${mail}\r\n.`)).to.match(/^250/);
    talk.end();
    const message = await read.first(({ from }) => from === BOB_NAME);
    const { content } = message;
    const bytes = nativeBytesOf("attachments" in content ? content.attachments : []);
    expect(Buffer.from(bytes!).toString("latin1")).to.include(encryptedBody(armored));
  });

  it("answers alice where the mail user's server refuses", async () => {
    mailbox.refusal = { code: 550, text: "5.1.1 No such user" };
    const to = await world.introduce("gone@mail.test");
    const { id } = await alice.send(to, {
      ...{ type: "NEW", text: "", attachments: [nativeAttachment(entity())] },
    });
    const { messageHash } = await alice.settled(id);
    const { content } = await read.first(({ from }) => from === to);
    expect(content).to.include({ type: "REPLY", reference: messageHash });
    expect(content).to.have.property("text").that.includes("No such user");
  });

  it("tells alice who a mail user is in DM3, where she asks the bridge by a message", async () => {
    mailbox.refusal = null;
    const to = "mailer-daemon.bridge.example.eth";
    const { id } = await alice.send(to, { type: "NEW", text: "zoe@mail.test" });
    const { messageHash } = await alice.settled(id);
    const { content } = await read.first(({ from }) => from === to);
    expect(content).to.include({ type: "REPLY", reference: messageHash });
    expect(content)
      .to.have.property("text")
      .that.includes("zoe@mail.test is zoe.mail.test.bridge.example.eth in DM3");
    const letter = { type: "NEW", text: "", attachments: [nativeAttachment(entity())] } as const;
    await alice.send("zoe.mail.test.bridge.example.eth", letter);
    await mailbox.mails.first(({ recipients }) => recipients.includes("zoe@mail.test"));
  });

  it("forgets a mail user who wishes it, and tells alice of what waits", async () => {
    const to = await world.introduce("dan@mail.test");
    mailbox.refusal = { code: 451, text: "4.7.1 Greylisted" };
    const { id } = await alice.send(to, {
      ...{ type: "NEW", text: "", attachments: [nativeAttachment(entity())] },
    });
    const { messageHash } = await alice.settled(id);
    const from = "dan@mail.test";
    const wish = `forget@${MAIL_DOMAIN}`;
    const mail = await signedBy(mailOf({ from, to: wish, body: encryptedBody(armored) }), provider);
    expect(await deliver(world.smtpPort, mail, { from, to: [wish] })).to.match(/^250/);
    mailbox.refusal = null;
    const notice = await read.first(
      ({ content }) => "reference" in content && content.reference === messageHash,
    );
    expect(notice.from).to.equal("mailer-daemon.bridge.example.eth");
    expect(notice.content)
      .to.have.property("text")
      .that.includes("Not delivered to dan@mail.test: This person left");
  });

  it("gives no name for an address of a DM3 user, nor for its own", async () => {
    for (const localPart of ["carol.eth", "mailer-daemon"]) {
      const response = await fetch(new URL("/bridge/users", world.bridge.url), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ address: `${localPart}@${MAIL_DOMAIN}` }),
      });
      expect(response.status).to.equal(400);
    }
  });

  describe("alice as a contact for mail programs", () => {
    const address = `alice.users.example.eth@${MAIL_DOMAIN}`;
    const at = (path: string) => new URL(path, world.bridge.url).href;
    const wkd = (localPart: string, path = "") =>
      fetch(at(`/.well-known/openpgpkey${path}/hu/${wkdHash(localPart)}?l=${localPart}`));
    let certificate: Uint8Array;

    before(async () => {
      const person = world.demo.people[0]!;
      const { signingKeyPair } = person.keys;
      ({ certificate } = await makeMailKey({ address }));
      const record = signCertificate(
        signingKeyPair.privateKey,
        person.signedUserProfile.profile.publicSigningKey,
        {
          ...{ name: person.name, scheme: "openpgp", address },
          certificate: encodeBase64(certificate),
          signedAtSec: Math.floor(Date.now() / 1_000),
        },
      );
      expect((await wkd("alice.users.example.eth")).status).to.equal(404);
      const response = await fetch(
        `${world.demo.service.url}/v1/names/${person.name}/certificates`,
        {
          method: "PUT",
          headers: {
            authorization: `Bearer ${world.demo.apiKey}`,
            "content-type": "application/json",
          },
          body: JSON.stringify(record),
        },
      );
      expect(response.status, await response.text()).to.be.within(200, 204);
    });

    it("is in the key directory, in both forms, and nobody else is", async () => {
      for (const path of ["", `/${MAIL_DOMAIN}`]) {
        expect((await fetch(at(`/.well-known/openpgpkey${path}/policy`))).status).to.equal(200);
        const found = await wkd("alice.users.example.eth", path);
        expect(found.headers.get("access-control-allow-origin")).to.equal("*");
        expect(new Uint8Array(await found.arrayBuffer())).to.deep.equal(certificate);
      }
      expect((await wkd("alice.users.example.eth", "/mail.test")).status).to.equal(404);
      expect((await wkd("nobody.users.example.eth")).status).to.equal(404);
      const other = wkdHash("bob.users.example.eth");
      const lie = `/.well-known/openpgpkey/hu/${other}?l=alice.users.example.eth`;
      expect((await fetch(at(lie))).status, "another name than the hash").to.equal(404);
      expect((await fetch(at(`/.well-known/openpgpkey/hu/${other}`))).status).to.equal(404);
    });

    it("is a vCard, and a page with a code that leads there", async () => {
      const card = await fetch(at("/bridge/contacts/alice.users.example.eth.vcf"));
      expect(card.headers.get("content-type")).to.match(/^text\/vcard/);
      expect(readVCards(await card.text())).to.deep.equal([
        { address, name: "alice.users.example.eth", certificate },
      ]);
      const page = await fetch(at("/bridge/contacts/alice.users.example.eth"));
      expect(page.headers.get("content-security-policy")).to.include("default-src 'none'");
      expect(await page.text())
        .to.include(address)
        .and.include("/bridge/contacts/alice.users.example.eth.vcf")
        .and.include("<svg");
      for (const nobody of ["nobody.users.example.eth", "%3Cscript%3E", "x".repeat(300)]) {
        expect((await fetch(at(`/bridge/contacts/${nobody}`))).status).to.equal(404);
      }
    });

    it("has the bridge beside her, whose key signs reports", async () => {
      const found = await wkd("mailer-daemon");
      expect(found.status).to.equal(200);
      const own = new Uint8Array(await found.arrayBuffer());
      const card = await fetch(at("/bridge/contacts/mailer-daemon.vcf"));
      expect(readVCards(await card.text())).to.deep.equal([
        {
          ...{ address: `mailer-daemon@${MAIL_DOMAIN}`, name: `Mail bridge ${MAIL_DOMAIN}` },
          certificate: own,
        },
      ]);
      const page = await fetch(at("/bridge/contacts/mailer-daemon"));
      expect(await page.text())
        .to.include("signs the reports")
        .and.not.include("Write to");
    });

    it("is handed on with the mail that alice sends", async () => {
      const to = await world.introduce("carol@mail.test");
      mailbox.refusal = null;
      await alice.send(to, { type: "NEW", text: "", attachments: [nativeAttachment(entity())] });
      const mail = await mailbox.mails.first(({ recipients }) =>
        recipients.includes("carol@mail.test"),
      );
      const header = mail.bytes.toString("latin1").replace(/\r\n[ \t]/g, " ");
      const [, value = ""] = /^Autocrypt: (.*)$/m.exec(header) ?? [];
      expect(readAutocrypt(value)).to.deep.equal({ address, certificate });
    });
  });
});
