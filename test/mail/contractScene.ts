/** A bridge for e-mail as the suite for networks wants it: its own SMTP server, and a mail provider with users. */
import { sleep } from "../../src/connecting/sleep.js";
import { startDns } from "../../src/demo/mail/dnsServer.js";
import { type Provider, providerOf } from "../../src/demo/mail/provider.js";
import { decodeMessage } from "../../src/dm3/message/decodeMessage.js";
import { encodeMessage } from "../../src/dm3/message/encodeMessage.js";
import { nativeAttachment, nativeBytesOf } from "../../src/dm3/message/nativeMessage.js";
import { parseProxyEnvelope } from "../../src/dm3/message/proxyEnvelope.js";
import type { SignedUserProfile } from "../../src/dm3/profile/profile.js";
import { checksumAddress, parseAddress } from "../../src/ens/address.js";
import type { NormalName } from "../../src/ens/normalize.js";
import { type MailTransport, mailTransport } from "../../src/mail/mailTransport.js";
import { bridgeItselfAt } from "../../src/messaging/address/bridgeItself.js";
import {
  formatNativeAddress,
  type NativeAddress,
  parseNativeAddress,
} from "../../src/messaging/address/nativeAddress.js";
import { bridgeNetwork } from "../../src/messaging/bridge/bridgeNetwork.js";
import { envelopeHash } from "../../src/messaging/envelopeHash.js";
import type { Submission } from "../../src/messaging/network.js";
import { arrivals } from "../arrivals.js";
import { contactOf, found, relayNode } from "../dm3/message/sampleEnvelopes.js";
import { type BridgeGround, openBridgeGround } from "../messaging/bridge/bridgeGround.js";
import type { Answer, Arrived, NetworkScene, NetworkUser } from "../messaging/networkScene.js";
import { type RecordedEvents, recordEvents } from "../messaging/recordedEvents.js";
import { engineKeysOf } from "../relay/relayWorld.js";
import type { ContractProvider, ProviderOptions } from "./contractProvider.js";
import { type EncryptedBodies, encryptedBodies } from "./encryptedBodies.js";
import { ENCRYPTED_TYPE, mailOf, signedBy } from "./mails.js";
import { MAIL_DOMAIN, usualMail } from "./mailScene.js";
import { deliver } from "./smtpTalk.js";

const ALICE = "alice.eth" as NormalName;
const PROVIDER = "mail.test";
/** Of a mail, at the provider. */
const SIZE_LIMIT = 100_000;
const MANY = 1_000_000;

export async function openMailContractScene(
  startProvider: (options: ProviderOptions) => Promise<ContractProvider>,
): Promise<NetworkScene> {
  const ground = await openBridgeGround(MAIL_DOMAIN);
  const { relay, counter, profileOf, passages, longNames } = ground;
  const dns = await startDns();
  const provider = providerOf(PROVIDER);
  dns.zones.set(provider.name, { TXT: [provider.record] });
  const nobody = parseNativeAddress(`nobody@${PROVIDER}`, "mail");
  const { port, mails, server, close } = await startProvider({
    ...{ sizeLimit: SIZE_LIMIT, nobody: formatNativeAddress(nobody) },
  });
  const troubles: unknown[] = [];
  const usual = usualMail(dns, { troubles: [], optedOut: new Set() });
  const transport = mailTransport({
    ...usual,
    outlet: {
      through: {
        ...{ host: "127.0.0.1", port, tls: "if offered" },
        ...{ isImplicitTls: false, account: null },
      },
    },
    outbound: {
      ...{ coldToPerson: MANY, coldOfSender: MANY, coldToDomain: MANY, reportsToPerson: MANY },
    },
  });
  const recorded = recordEvents();
  const { happened, core } = recorded;
  core.linked = (native, link) => publish(ground, native, link);
  const { taken } = core;
  core.taken = async (to, what) => {
    const { hash, number, sent } = what;
    if (sent !== undefined) {
      const { token, from, messageHash } = sent;
      await passages.noteSent(token, { to, from, hash, number, messageHash });
    }
    await taken(to, what);
  };
  const { submitted } = core;
  core.submitted = async (submission) => {
    await notePassage(ground, submission);
    return submitted(submission);
  };
  const custody = ground.newCustody();
  const network = bridgeNetwork({
    ...{ transport, custody, passages, longNames, directory: relay.directory, profileOf, counter },
    ...ground.long,
    itself: bridgeItselfAt(MAIL_DOMAIN),
    introduce: () => Promise.reject(new Error("Nobody asks here.")),
    nowMs: ground.nowMs,
    sleep,
    reportFailure: (error) => troubles.push(error),
  });
  network.start(recorded.events);

  const bodies = await encryptedBodies();
  /** As the relay node gives them: a bridge gives up what has waited for days. */
  let numbers = Date.now();
  const letterWith = async (to: NativeAddress, body: string) => {
    const user = await custody.userFor(to, core, {
      is: "introduced",
      network: null,
    });
    const { profile } = relay.names.persons.get(user.name)!;
    const bytes = Buffer.from(`${ENCRYPTED_TYPE}\r\n\r\n${body}`);
    const { envelopes } = await encodeMessage(
      {
        ...{ type: "NEW", text: "", from: ALICE, to: user.name, timestampMs: ground.nowMs() },
        attachments: [nativeAttachment(bytes)],
      },
      {
        keys: await engineKeysOf("alice"),
        receiver: { profile: profile!, relayNodes: [found(relayNode)] },
      },
    );
    const envelope = JSON.stringify(envelopes[0]!.envelope);
    return { to, from: ALICE, envelope, hash: envelopeHash(envelope), number: numbers++ };
  };

  return {
    ...{ network, happened, core, nobody },
    // a provider speaks for all of its own users
    somebodyElse: parseNativeAddress("bob@other.test", "mail"),
    traits: { tells: "taken", hasConnection: false, showsCodes: false },
    server,
    newUser: (localPart) =>
      Promise.resolve(
        mailUser({ localPart, domain: PROVIDER }, transport, provider, bodies, mails),
      ),
    addressOf,
    nobodysAddress: addressOf("nobody.eth" as NormalName),
    letter: async (to, text, bytes = 0) => letterWith(to, await bodies.of(text, bytes)),
    longest: async (to, text, more) => {
      const address = formatNativeAddress(to);
      // around each body to the same person
      const before = mails.all.find(({ recipients }) => recipients.includes(address))!;
      const around = before.text.length - bodyOf(before.text).length;
      return letterWith(to, await bodies.exactly(text, SIZE_LIMIT - around + more));
    },
    textOf: (submission) => textOf(submission, ground, bodies),
    close: async () => {
      await network.stop();
      await close();
      await dns.stop();
      await ground.close();
    },
  };
}

/** As the gateway's store does it, with the submission. */
async function notePassage(
  { pool, ownTables }: BridgeGround,
  { from, to, hash, passage }: Submission,
): Promise<void> {
  if (passage === undefined) return;
  const text = `
    insert into ${ownTables.received} (native, receiver, digest, first_ms, hash, head, is_kept)
    values ($1, $2, decode($3, 'hex'), $4, decode($5, 'hex'), $6, true)`;
  const { digest, firstMs, head } = passage;
  await pool.query(text, [formatNativeAddress(from), to, digest, firstMs, hash, head]);
}

const addressOf = (name: NormalName) => `${name}@${MAIL_DOMAIN}`;

/** As the registry would. */
function publish(
  { relay }: BridgeGround,
  native: NativeAddress,
  link: unknown,
): ReturnType<RecordedEvents["core"]["linked"]> {
  const { name, wallet, profile } = link as {
    readonly name: NormalName;
    readonly wallet: string;
    readonly profile: SignedUserProfile;
  };
  const person = { address: parseAddress(wallet), profile: profile.profile, sentence: "Found." };
  relay.names.persons.set(name, person);
  return Promise.resolve({ name });
}

function mailUser(
  address: NativeAddress,
  transport: MailTransport,
  provider: Provider,
  bodies: EncryptedBodies,
  mails: ContractProvider["mails"],
): NetworkUser {
  const own = formatNativeAddress(address);
  // as DNS says it, also when nobody listens there any more
  const port = transport.port()!;
  const arrived = arrivals<Arrived>();
  const ends = arrivals<string>();
  void mails.first((mail) => {
    if (!mail.recipients.includes(own)) return false;
    const [, said] = /^Diagnostic-Code: x-signpost; (.*)\r$/m.exec(mail.text) ?? [];
    if (said !== undefined) ends.add(said);
    else {
      const [, from = ""] = /^From: <(.*)>\r$/m.exec(mail.text) ?? [];
      arrived.add({ text: bodies.textOf(bodyOf(mail.text)), from, place: mail.place });
    }
    return false;
  });
  const writeFrom = async (from: string, to: string, text: string): Promise<Answer> => {
    const mail = await signedBy(mailOf({ from, body: await bodies.of(text) }), provider);
    try {
      return answerIn(await deliver(port, mail, { from, to: [to] }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") return { is: "gone" };
      throw error;
    }
  };
  return {
    ...{ address, arrived, ends },
    accept: () => Promise.resolve(),
    write: (to, text) => writeFrom(own, to, text),
    writeAs: (claimed, to, text) => writeFrom(formatNativeAddress(claimed), to, text),
  };
}

const bodyOf = (mail: string) => mail.slice(mail.indexOf("\r\n\r\n") + 4);

function answerIn(reply: string): Answer {
  if (reply.startsWith("250")) return { is: "kept" };
  if (reply.startsWith("4")) return { is: "later" };
  return { is: "refused", code: null, sentence: reply.replace(/^\d+ /, "") };
}

async function textOf(
  { envelope, from }: Submission,
  { relay }: BridgeGround,
  bodies: EncryptedBodies,
): Promise<string> {
  const { envelopes } = parseProxyEnvelope(envelope);
  const { content } = await decodeMessage(JSON.stringify(envelopes[0]!.envelope), {
    ...{ keys: await engineKeysOf("alice"), ownNames: [ALICE] },
    contactOf: (name) => {
      const person = relay.names.persons.get(name) ?? null;
      if (person?.address == null || person.profile === null) return contactOf(name);
      return { profile: person.profile, address: checksumAddress(person.address) };
    },
  });
  const bytes = nativeBytesOf("attachments" in content ? content.attachments : []);
  if (bytes === null) return "text" in content ? content.text : content.type;
  const mail = Buffer.from(bytes).toString("latin1");
  if (!mail.includes(`From: ${formatNativeAddress(from)}\r\n`)) throw new Error("Another's mail.");
  return bodies.textOf(bodyOf(mail));
}
