/** Messages from one account to the other: submitted, pushed, fetched. */
import {
  type DecodedMessage,
  decodeMessage,
  type DecodeOptions,
} from "../../dm3/message/decodeMessage.js";
import type { Envelope, HashField } from "../../dm3/message/envelope.js";
import { messageKeysOf } from "../../dm3/message/messageKeys.js";
import type { DeliveryServiceProfile } from "../../dm3/profile/profile.js";
import { isSignpostError } from "../../errors.js";
import { nodeEngine } from "../../native/nodeEngine.js";
import { type Exchange, isAccepted } from "../exchange.js";
import { liveUrlOf } from "../liveUrl.js";
import type { Accounts, Subject } from "../subject.js";
import { type LiveSocket, openLiveSocket } from "./liveSocket.js";
import { copiesIn, fetchMailbox, type Mailbox, type Session } from "./mailbox.js";
import { readProperties, sizeLimitIn } from "./propertiesFacts.js";
import { nobody } from "./rpcFacts.js";
import { type EnvelopeMaker, envelopeMaker, withOtherSignature } from "./testEnvelopes.js";

export interface DeliveryFacts {
  readonly senderName: string;
  /** The same message of the app, in an envelope under each name of the hash. */
  readonly submits: Readonly<Record<HashField, Exchange>>;
  /** What was accepted of them; null where nothing was. */
  readonly accepted: { readonly envelope: Envelope; readonly hashField: HashField } | null;
  /** Everything below is null where nothing was accepted. */
  readonly rest: DeliveredFacts | null;
}

export interface DeliveredFacts {
  readonly resubmit: Exchange;
  /** The parameter as an object, as DM3's specification has it. */
  readonly asObject: Exchange;
  readonly byStranger: Exchange;
  readonly otherSignature: Exchange;
  readonly extraMetadata: Exchange;
  readonly toNobody: Exchange;
  /** Null where sizeLimit is not told, or too long to try. */
  readonly oversize: Exchange | null;
  readonly mailbox: Mailbox;
  /** How often the accepted envelope stands in the mailbox, which was submitted twice. */
  readonly copies: readonly unknown[];
  /** What a receiver makes of it; a text says which check failed. */
  readonly decoded: DecodedMessage | string | null;
  readonly live: LiveFacts;
}

interface LiveFacts {
  /** Why a listener was refused, or null; two listen with the same token. */
  readonly refusals: readonly (string | null)[];
  /** Whether each was pushed the accepted envelope. */
  readonly pushed: readonly boolean[];
  /** Why somebody with a token that is none was refused; null: was not. */
  readonly badToken: string | null;
}

const LONGEST_TRIED = 1_000_000;
const LONGEST_PUSH_MS = 3_000;
const LISTENERS = 2;

export interface DeliveryParts {
  readonly accounts: Accounts;
  readonly profile: DeliveryServiceProfile;
  readonly session: Session;
}

export async function deliveryFacts(
  subject: Subject,
  parts: DeliveryParts,
): Promise<DeliveryFacts> {
  const { accounts, profile, session } = parts;
  const maker = await envelopeMaker(profile, accounts);
  const url = liveUrlOf(subject.base);
  const listeners: LiveSocket[] = [];
  for (let i = 0; i < LISTENERS; i++) listeners.push(await openLiveSocket(subject, url, session));
  try {
    const envelopes = {
      messageHash: await maker.write({ text: "First", hashField: "messageHash" }),
      encryptedMessageHash: await maker.write({ text: "Other", hashField: "encryptedMessageHash" }),
    };
    const submits = {
      messageHash: await submit(subject, envelopes.messageHash),
      encryptedMessageHash: await submit(subject, envelopes.encryptedMessageHash),
    };
    const hashField = (["messageHash", "encryptedMessageHash"] as const).find((field) =>
      isAccepted(submits[field]),
    );
    const facts = { senderName: accounts.sender.name, submits };
    if (hashField === undefined) return { ...facts, accepted: null, rest: null };
    const accepted = { envelope: envelopes[hashField], hashField };
    const rest = await restOf(subject, parts, { maker, accepted, listeners, url });
    return { ...facts, accepted, rest };
  } finally {
    for (const listener of listeners) listener.close();
  }
}

interface Accepted {
  readonly maker: EnvelopeMaker;
  readonly accepted: { readonly envelope: Envelope; readonly hashField: HashField };
  readonly listeners: readonly LiveSocket[];
  readonly url: string;
}

async function restOf(
  subject: Subject,
  { accounts, profile, session }: DeliveryParts,
  { maker, accepted: { envelope, hashField }, listeners, url }: Accepted,
): Promise<DeliveredFacts> {
  const send = async (content: Parameters<EnvelopeMaker["write"]>[0]) =>
    submit(subject, await maker.write(content));
  const spare = await maker.write({ text: "Spare", hashField });
  const resubmit = await submit(subject, envelope);
  const asObject = await subject.call("dm3_submitMessage", spare);
  const byStranger = await send({ text: "Not mine", hashField, byStranger: true });
  const otherSignature = await submit(
    subject,
    withOtherSignature(await maker.write({ text: "Altered", hashField })),
  );
  const extraMetadata = await submit(subject, await maker.withMetadata(spare, { foo: "bar" }));
  const toNobody = await send({ text: "Nobody", hashField, to: nobody() });
  const oversize = await oversizeBy(subject, maker, hashField);
  const badToken = await openLiveSocket(subject, url, { ...session, token: "not.a.token" });
  badToken.close();
  await pushedTo(listeners, envelope.message);
  const mailbox = await fetchMailbox(subject, session);
  const copies = copiesIn(mailbox, envelope.message);
  return {
    ...{ resubmit, asObject, byStranger, otherSignature, extraMetadata, toNobody, oversize },
    ...{ mailbox, copies, decoded: await decodedBy(accounts, profile, copies[0]) },
    live: {
      refusals: listeners.map(({ refused }) => refused),
      pushed: listeners.map(({ pushed }) => pushed.has(envelope.message)),
      badToken: badToken.refused,
    },
  };
}

/** As clients send it. */
export function submit({ call }: Pick<Subject, "call">, envelope: object): Promise<Exchange> {
  return call("dm3_submitMessage", JSON.stringify(envelope));
}

async function oversizeBy(
  subject: Subject,
  maker: EnvelopeMaker,
  hashField: HashField,
): Promise<Exchange | null> {
  const answer = await subject.call("dm3_getDeliveryServiceProperties");
  const limit = sizeLimitIn(readProperties(answer).properties);
  if (limit === null || limit > LONGEST_TRIED) return null;
  // encryption and base64 make it longer still
  return submit(subject, await maker.write({ text: "x".repeat(limit), hashField }));
}

async function pushedTo(listeners: readonly LiveSocket[], message: string): Promise<void> {
  const open = listeners.filter(({ refused }) => refused === null);
  const untilMs = performance.now() + LONGEST_PUSH_MS;
  while (performance.now() < untilMs && !open.every(({ pushed }) => pushed.has(message))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function decodedBy(
  { sender, receiver }: Accounts,
  relayNode: DeliveryServiceProfile,
  envelope: unknown,
): Promise<DecodedMessage | string | null> {
  if (envelope === undefined) return null;
  const options: DecodeOptions = {
    keys: await messageKeysOf(nodeEngine, receiver.keys),
    ownNames: [receiver.name],
    contactOf: (name) => (name === sender.name ? sender.signed : null),
    relayNode,
  };
  try {
    return await decodeMessage(envelope, options);
  } catch (error) {
    if (!isSignpostError(error)) throw error;
    return `${error.code}: ${error.message}`;
  }
}
