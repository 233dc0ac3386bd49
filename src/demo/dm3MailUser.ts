/**
 * A DM3 user who writes with people who have mail: the SDK's messenger, and the codec for OpenPGP mail. The OpenPGP key is only
 * here; the certificate is published with the signature of the DM3 key.
 */
import { randomBytes } from "node:crypto";
import { io } from "socket.io-client";
import { encodeBase64 } from "../dm3/base64.js";
import { signCertificate } from "../dm3/statement/certificate.js";
import { normalizeName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import { localPartOfName } from "../messaging/address/virtualAddress.js";
import {
  createMessenger,
  type IncomingMessage,
  memoryKeyValue,
  type Messenger,
  openMessageKeys,
  type OutgoingReport,
  type Patience,
} from "../sdk/messagesNode.js";
import { createClient } from "../sdk/node.js";
import {
  decodeMail,
  encodeMail,
  type KeptMailIds,
  keptMailIds,
  type KeyBook,
  mailContentOf,
  type MailKey,
  type MailSigner,
  makeMailKey,
  type MessageContent,
  messageContentsOf,
  nativeAttachment,
  newMessageId,
  openKeyBook,
  rotateMailKey,
} from "../sdk/openpgpMimeNode.js";
import type { DemoWorld } from "./demoWorld.js";
import type { Writer } from "./people.js";

export interface ReadMail {
  /** The mail address of its author; the ENS name where it was no mail. */
  readonly from: string;
  readonly content: IncomingMessage["content"];
  /** Null where it was no mail. */
  readonly signer: MailSigner["is"] | null;
  readonly messageHash: string;
  /** The whole mail, as the bridge took it. */
  readonly mail: Uint8Array | null;
}

export interface MailPerson {
  readonly address: string;
  /** Below the bridge's domain. */
  readonly name: string;
}

export interface WrittenMail {
  /** The encrypted entity, as the codec made it. */
  readonly entity: Uint8Array;
  /** Resolves when a relay node accepted it, or all refused. */
  readonly sent: Promise<OutgoingReport>;
}

export interface Dm3MailUser {
  readonly name: string;
  readonly address: string;
  readonly key: MailKey;
  readonly keyBook: KeyBook;
  /** Everything that was read, in its order. */
  readonly read: readonly ReadMail[];
  /** What could not be read, and why. */
  readonly problems: readonly SignpostError[];
  /** Gets a new encryption subkey and publishes it; what is on its way to the old one can still be read. */
  readonly rotateKey: () => Promise<void>;
  /** Kept when it resolves; the certificate of the receiver has to be in the key book. */
  readonly write: (to: MailPerson, content: MessageContent) => Promise<WrittenMail>;
  readonly stop: () => Promise<void>;
}

interface Own extends Pick<Dm3MailUser, "address" | "keyBook"> {
  readonly ids: KeptMailIds;
  key: MailKey;
}

/** Where names are, and an API key for the user's. */
interface MailUserGround {
  readonly chain: Pick<DemoWorld["chain"], "rpcUrl">;
  readonly ens: Pick<DemoWorld["ens"], "registry" | "universalResolver">;
  readonly service: Pick<DemoWorld["service"], "url">;
  readonly apiKey: string;
}

/** @param mailDomain of the bridge */
export async function startDm3MailUser(
  { chain, ens, service, apiKey }: MailUserGround,
  person: Pick<Writer, "name" | "keys" | "signedUserProfile">,
  mailDomain: string,
  patience: Partial<Patience> = {},
): Promise<Dm3MailUser> {
  const name = normalizeName(person.name);
  const address = `${localPartOfName(name, "mail").written}@${mailDomain}`;
  const key = await makeMailKey({ address });
  const client = createClient({ url: service.url, apiKey });
  const publish = async ({ certificate }: MailKey) => {
    const { privateKey } = person.keys.signingKeyPair;
    const record = signCertificate(privateKey, person.signedUserProfile.profile.publicSigningKey, {
      ...{ name, scheme: "openpgp", address, certificate: encodeBase64(certificate) },
      signedAtSec: Math.floor(Date.now() / 1000),
    });
    await client.certificates.put(name, record);
  };
  await publish(key);
  const store = memoryKeyValue();
  const ids = keptMailIds(store);
  const keyBook = openKeyBook(store);
  const messenger = createMessenger({
    ...{ name, keys: await openMessageKeys(person.keys), io },
    ...{ rpc: chain.rpcUrl, ensRegistry: ens.registry, universalResolver: ens.universalResolver },
    // mail has no receipt of arrival: the bridge would refuse each
    ...{ allowLoopback: true, patience, receipts: false },
  });
  const read: ReadMail[] = [];
  const problems: SignpostError[] = [];
  const own: Own = { address, key, keyBook, ids };
  const reading = readAll(messenger, own, read, problems);
  return {
    ...{ name, address, keyBook, read, problems },
    get key() {
      return own.key;
    },
    rotateKey: async () => {
      own.key = await rotateMailKey(own.key.privateKey);
      await publish(own.key);
    },
    write: (to, content) => write(messenger, own, to, content),
    stop: async () => {
      await messenger.stop();
      await reading;
    },
  };
}

async function readAll(
  messenger: Messenger,
  own: Own,
  read: ReadMail[],
  problems: SignpostError[],
): Promise<void> {
  for await (const message of messenger.messages()) {
    try {
      read.push(...(await opened(messenger, message, own)));
    } catch (error) {
      if (!(error instanceof SignpostError)) throw error;
      problems.push(error);
    }
    await messenger.acknowledge(message);
  }
}

/** One mail may say several things, such as that two messages are deleted. */
async function opened(
  messenger: Messenger,
  message: IncomingMessage,
  own: Own,
): Promise<readonly ReadMail[]> {
  const { content, from, messageHash } = message;
  const mail = await messenger.openNative(content);
  if (mail === null) return [{ from, content, signer: null, messageHash, mail }];
  const { keyBook, ids, address, key } = own;
  const decoded = await decodeMail(mail, {
    ...{ privateKeys: [key.privateKey], ownAddresses: [address], senders: keyBook.senders },
    // for whom the bridge vouches
    expectedFrom: ("attachments" in content && content.replyDeliveryInstruction) || from,
  });
  const { certificate, is: signer } = decoded.signer;
  if (certificate !== null) {
    await keyBook.take({ address: decoded.from, certificate, source: "autocrypt" });
  }
  const contents = await messageContentsOf(decoded.content, ids);
  const [first] = contents;
  if (decoded.messageId !== null && first !== undefined && "text" in first) {
    await ids.remember(messageHash, { messageId: decoded.messageId, text: first.text });
  }
  return contents.map((one) => ({ from: decoded.from, content: one, signer, messageHash, mail }));
}

/** Throws INVALID_REQUEST where mail has nothing like it. */
async function write(
  messenger: Messenger,
  { keyBook, ids, address, key }: Own,
  to: MailPerson,
  said: MessageContent,
): Promise<WrittenMail> {
  const receiver = await keyBook.of(to.address);
  const content = await mailContentOf(said, ids);
  if (receiver === null || content === null) {
    const problem =
      receiver === null ? "No certificate of them is known" : "Mail has no such message";
    throw new SignpostError("INVALID_REQUEST", `${problem}: ${to.address} was not written to.`);
  }
  const messageId = newMessageId(randomBytes(16), address.split("@")[1] ?? "");
  const entity = await encodeMail(
    { from: address, to: [to.address], dateMs: Date.now(), messageId, content },
    { privateKey: key.privateKey, certificates: [receiver.certificate] },
  );
  const report = await messenger.send(to.name, {
    ...{ type: "NEW", text: `Encrypted mail for ${to.address}.` },
    attachments: [nativeAttachment(entity)],
  });
  const sent = messenger.settled(report.id).then(async (settled) => {
    const { messageHash } = settled;
    // answers speak of it
    if (messageHash !== null && "text" in said) {
      await ids.remember(messageHash, { messageId, text: said.text });
    }
    return settled;
  });
  return { entity, sent };
}
