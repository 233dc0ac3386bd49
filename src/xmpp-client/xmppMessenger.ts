/** A DM3 messenger for an app of an XMPP server: sends and receives by the server's messaging gateway, verifies everything. */
import { toHex } from "../abi/hex.js";
import type { MessageContent } from "../dm3/message/messageContent.js";
import { resolvableName, resolvableNormalName } from "../ens/resolvableName.js";
import type { SignpostError } from "../errors.js";
import type { Fetcher } from "../fetch/fetcher.js";
import { resolveSettings } from "../lookup/resolveOptions.js";
import { profileOutcome } from "../lookup/resolveProfile.js";
import { createAttachments } from "../messenger/attachments.js";
import { assertOpened, lookupOptions } from "../messenger/commonOptions.js";
import { createContacts } from "../messenger/contacts.js";
import { asSignpostError } from "../messenger/defect.js";
import { createInbox } from "../messenger/inbox.js";
import type { IncomingMessage } from "../messenger/incomingMessage.js";
import { startOutgoing } from "../messenger/outgoing.js";
import type { OutgoingReport } from "../messenger/outgoingReport.js";
import { sleep } from "../messenger/sleep.js";
import { memoryKeyValue } from "../sending/keyValue.js";
import { keyValueOutbox } from "../sending/keyValueOutbox.js";
import type { WhyNot } from "../sending/outgoingMessage.js";
import { createAccount } from "./account.js";
import { createAnswers } from "./answers.js";
import { createArchiveCursor } from "./archiveCursor.js";
import { createEnds, isAgain } from "./ends.js";
import { heardIn, isArchived, unwrapped } from "./heard.js";
import { jidOfName, jidsOf, nameOfJid } from "./jid.js";
import type { XmppMessenger } from "./messengerInterface.js";
import { prefixed } from "./prefixed.js";
import { createSession } from "./presenceSession.js";
import { createQuestions, sent } from "./questions.js";
import { createReadingLoop } from "./readingLoop.js";
import { acceptedStanza, notedStanza, submitId, subscribeStanza } from "./stanzas.js";
import { createSubmissions } from "./submissions.js";
import { NOT_OPEN, throughGateway } from "./submitting.js";
import type { XmlElement } from "./xmlElement.js";
import type { XmppMessengerOptions } from "./xmppMessengerOptions.js";

/** Shorter than what stays open is left alone at first (arrivals.ts). */
const LOOKUP_FAILED_MS = 3_000;
const DEFAULT_ANSWER_MS = 30_000;
const DEFAULT_ARCHIVE_DAYS = 30;
const INLINE_CHARS = 48_000;
/** What is answered to by a receipt: no receipts of receipts. */
const ANSWERED = new Set(["NEW", "EDIT", "REPLY"]);
const CHANCE_RANGE = 2 ** 32;
const NOTHING = (): void => undefined;

/**
 * Listens to the connection from now on, links the account whenever that is there, and sends what waits. Throws INVALID_REQUEST and
 * INVALID_NAME for wrong options.
 */
export function createXmppMessenger(
  options: XmppMessengerOptions,
  platform: { readonly fetcher: Fetcher },
): XmppMessenger {
  const { connection, keys, profile, wallet, onProblem = NOTHING, receipts = true } = options;
  assertOpened(keys);
  const jids = jidsOf(options.address, options.gateway);
  const givenName = options.name === undefined ? null : resolvableNormalName(options.name);
  const { fetcher } = platform;
  const settings = resolveSettings({ ...lookupOptions(options), fetcher });
  const { answerMs = DEFAULT_ANSWER_MS } = options;
  const nowMs = () => Date.now();
  const chance = () => new DataView(keys.engine.entropy(4).buffer).getUint32(0) / CHANCE_RANGE;
  const freshId = () => `dm3-${toHex(keys.engine.entropy(12)).slice(2)}`;
  const store = prefixed(options.store ?? memoryKeyValue(), `xmpp/${jids.gateway}/`);

  const lookUp = (name: string, relayNodes: "all" | "none") =>
    profileOutcome(resolvableName(name), { ...settings, relayNodes });
  const contacts = createContacts((name) => lookUp(name, "none"), nowMs, LOOKUP_FAILED_MS);
  const attachments = createAttachments({
    ...{ engine: keys.engine, inlineChars: INLINE_CHARS },
    relayNodes: { upload: () => Promise.resolve(null) },
    access: { fetcher, timeoutMs: settings.timeoutMs },
  });

  const told = (error: SignpostError) => {
    onProblem({ error, envelope: null, from: null });
  };
  const onDefect = (thrown: unknown) => {
    told(asSignpostError(thrown, "A message could not be worked on"));
  };
  const send = (stanza: XmlElement) => sent(connection, stanza);
  /** What is not heard is said again: the gateway repeats itself. */
  const sayOnce = (stanza: XmlElement) => send(stanza).catch(NOTHING);

  const questions = createQuestions({ connection, jids, answerMs, freshId });
  const answers = createAnswers(answerMs);
  const submissions = createSubmissions(store, nowMs);
  const inbox = createInbox(store, nowMs);
  const cursor = createArchiveCursor(store, onDefect);
  const account = createAccount({
    ...{ questions, jids, keys, profile, wallet, store, nowMs },
    name: givenName,
  });
  const link = async () => {
    const linked = await account.link();
    // the server then tells the gateway when the account ends, and lets its contacts pass
    void sayOnce(subscribeStanza(jids.gateway));
    return linked;
  };
  const outbox = keyValueOutbox(store);
  const session = createSession({
    ...{ connection, questions, sleep, chance, onProblem: told },
    sendsPresence: options.presence ?? true,
    link: async () => (await link()).greeting,
    onLinked: hasten,
  });
  const outgoing = startOutgoing({
    ...{ keys, outbox, chance, nowMs, onDefect },
    ownName: () => account.ownName(),
    profileOf: (name) => lookUp(name, "all"),
    access: { fetcher, timeoutMs: settings.timeoutMs },
    advance: throughGateway({
      ...{ jids, submissions, answers, send },
      gateway: () => session.linked(),
      linkAgain: () => {
        session.linkAgain();
      },
    }),
    patience: options.patience ?? {},
    onOutgoing: progressed,
  });
  const ends = createEnds({
    ...{ submissions, outgoing },
    note: (address, hash) => sayOnce(notedStanza(address, hash)),
  });
  const stopping = new AbortController();
  const loop = createReadingLoop({
    ...{ questions, jids, cursor, freshId, inbox, ends, session, onProblem, chance, nowMs },
    archiveDays: options.archiveDays ?? DEFAULT_ARCHIVE_DAYS,
    stopping: stopping.signal,
    reading: () => {
      const name = account.knownName();
      return Promise.resolve({
        keys: [keys, ...(options.earlierKeys ?? [])],
        ownNames: [...(name === null ? [] : [name]), ...(options.furtherNames ?? [])],
        ownAddress: wallet,
        contactOf: contacts.contactOf,
      });
    },
    accept: ({ address, hash, number }) => sayOnce(acceptedStanza(address, hash, number)),
    noteReceipt,
  });

  function progressed(report: OutgoingReport): void {
    void ends.progressed(report).catch(onDefect);
    if (!isAgain(report.id)) options.onOutgoing?.(report);
    // the way was opened while the message was put back
    const isClosed = (why: WhyNot | null) => why?.sentence === NOT_OPEN.sentence;
    if (report.state === null && isClosed(report.why) && session.linked() !== null) hasten();
  }

  function hasten(): void {
    outbox
      .hasten(nowMs())
      .then(() => {
        outgoing.wake();
      })
      .catch(onDefect);
  }

  /** THE WAY OF EVERY STANZA. */
  function heard(stanza: XmlElement): void {
    if (questions.take(stanza) || loop.takeArchived(stanza) || isArchived(stanza)) return;
    const read = unwrapped(stanza, jids);
    const said = read === null ? null : heardIn(read.message, jids);
    if (read === null || said === null) return;
    const { way, archiveId } = read.by;
    switch (said.kind) {
      case "envelope":
      case "damaged":
        loop.push(said, read.by, archiveId === null ? NOTHING : cursor.live(archiveId));
        return;
      case "failed":
        void ends.failed(said).catch(onDefect);
        return;
      case "accepted": {
        const { address, hash } = said;
        if (way !== "live" || answers.take(submitId(hash), address, { kind: "accepted" })) return;
        void ends.accepted(address, hash).catch(onDefect);
        return;
      }
      case "error": {
        const { id, address, ...answer } = said;
        if (way === "live") answers.take(id, address, answer);
      }
    }
  }

  const stopListening = connection.listen({
    stanza: heard,
    online: () => {
      session.online();
    },
    offline: () => {
      session.offline();
      questions.lost();
      answers.lost();
    },
  });
  session.online();

  async function receipt(
    { id, from, messageHash: reference, content }: IncomingMessage,
    type: "READ_RECEIVED" | "READ_OPENED",
  ): Promise<void> {
    if (!ANSWERED.has(content.type)) return;
    // by its id it is sent once
    await outgoing.send(from, { type, reference }, { id: `${type}/${id}` });
  }

  async function noteReceipt({ from, content }: IncomingMessage): Promise<void> {
    if (content.type !== "READ_RECEIVED" && content.type !== "READ_OPENED") return;
    await outgoing
      .raise(content.reference, "delivered", (to) => contacts.isSamePerson(to, from))
      .catch(onDefect);
  }

  return {
    greeting: () => account.greeting(),
    async link() {
      const { greeting, name } = await link();
      session.noteLinked(greeting);
      return { name };
    },
    async send(to, given, sendOptions = {}) {
      const content: MessageContent =
        typeof given === "string" ? { type: "NEW", text: given } : given;
      return outgoing.send(to, await attachments.kept(content), sendOptions);
    },
    settled: (id, signal) => outgoing.settled(id, signal),
    outgoing: async () => (await outgoing.list()).filter(({ id }) => !isAgain(id)),
    withdraw: (id) => outgoing.remove(id),
    openAttachment: (attachment) => attachments.open(attachment),
    messages: (reading) => loop.messages(reading),
    async acknowledge(message) {
      // in this order: a crash in between repeats, and loses nothing
      if (receipts) await receipt(message, "READ_RECEIVED");
      await inbox.acknowledge(message);
      await loop.acknowledged(message.id);
    },
    markRead: (message) => receipt(message, "READ_OPENED"),
    nameOfContact: (jid) => nameOfJid(jid, jids),
    contactOf: (name) => jidOfName(resolvableNormalName(name), jids),
    wake: hasten,
    async stop() {
      stopping.abort();
      stopListening();
      session.stop();
      questions.lost();
      answers.lost();
      await outgoing.stop();
    },
  };
}
