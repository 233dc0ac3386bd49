/** A DM3 messenger for an app of an XMPP server: sends and receives by the server's messaging gateway, verifies everything. */
import { resolvableNormalName } from "../ens/resolvableName.js";
import type { Fetcher } from "../fetch/fetcher.js";
import { createInbox } from "../messenger/inbox.js";
import { sleep } from "../messenger/sleep.js";
import { createArchiveCursor } from "./archiveCursor.js";
import { isAgain } from "./ends.js";
import { type Ground, groundOf } from "./ground.js";
import { createHearing } from "./hearing.js";
import { jidOfName, nameOfJid } from "./jid.js";
import type { XmppMessenger } from "./messengerInterface.js";
import { createNativeEncryption } from "./nativeEncryption.js";
import { createSession } from "./presenceSession.js";
import { createReadingLoop } from "./readingLoop.js";
import { startSending } from "./sendingHalf.js";
import { acceptedStanza, subscribeStanza } from "./stanzas.js";
import type { XmppMessengerOptions } from "./xmppMessengerOptions.js";

const DEFAULT_ARCHIVE_DAYS = 30;

/**
 * Listens to the connection from now on, links the account whenever that is there, and sends what waits. Throws INVALID_REQUEST and
 * INVALID_NAME for wrong options.
 */
export function createXmppMessenger(
  options: XmppMessengerOptions,
  platform: { readonly fetcher: Fetcher },
): XmppMessenger {
  const ground = groundOf(options, platform);
  const { connection, jids, store, nowMs, questions, account, contacts, onProblem } = ground;
  const { receipts: areSent = true, openNative = null } = options;
  const sending = startSending(ground, options, () => session);
  const { outgoing, answers, ends, receipts, attachments, hasten } = sending;
  const session = createSession({
    ...{ ...ground, sleep, onProblem: ground.told, onLinked: hasten },
    sendsPresence: options.presence ?? true,
    link: async () => (await link(ground)).greeting,
  });
  const inbox = createInbox(store, nowMs);
  const cursor = createArchiveCursor(store, ground.onDefect);
  const native = createNativeEncryption({ jids, openNative, onProblem });
  const stopping = new AbortController();
  const loop = createReadingLoop({
    ...{ ...ground, cursor, inbox, ends, native, session },
    archiveDays: options.archiveDays ?? DEFAULT_ARCHIVE_DAYS,
    stopping: stopping.signal,
    reading: () => {
      const name = account.knownName();
      return Promise.resolve({
        keys: [ground.keys, ...(options.earlierKeys ?? [])],
        ownNames: [...(name === null ? [] : [name]), ...(options.furtherNames ?? [])],
        ownAddress: options.wallet,
        contactOf: contacts.contactOf,
      });
    },
    accept: ({ address, hash, number }) => ground.sayOnce(acceptedStanza(address, hash, number)),
    noteReceipt: (message) => receipts.note(message),
  });
  const stopListening = connection.listen({
    stanza: createHearing({ ...ground, cursor, loop, native, answers, ends }),
    online: () => {
      session.online();
    },
    offline: () => {
      session.offline();
      lost();
    },
  });
  session.online();

  function lost(): void {
    questions.lost();
    answers.lost();
  }

  return {
    greeting: () => account.greeting(),
    async link() {
      const { greeting, name } = await link(ground);
      session.noteLinked(greeting);
      return { name };
    },
    send: sending.send,
    settled: (id, signal) => outgoing.settled(id, signal),
    outgoing: async () => (await outgoing.list()).filter(({ id }) => !isAgain(id)),
    withdraw: (id) => outgoing.remove(id),
    openAttachment: (attachment) => attachments.open(attachment),
    openNative: (content) => attachments.openNative(content),
    messages: (reading) => loop.messages(reading),
    async acknowledge(message) {
      // in this order: a crash in between repeats, and loses nothing
      if (areSent) await receipts.send(message, "READ_RECEIVED");
      await inbox.acknowledge(message);
      await loop.acknowledged(message.id);
    },
    markRead: (message) => receipts.send(message, "READ_OPENED"),
    nameOfContact: (jid) => nameOfJid(jid, jids),
    contactOf: (name) => jidOfName(resolvableNormalName(name), jids),
    wake: hasten,
    async stop() {
      stopping.abort();
      stopListening();
      session.stop();
      lost();
      await outgoing.stop();
    },
  };
}

async function link({ account, jids, sayOnce }: Ground) {
  const linked = await account.link();
  // the server then tells the gateway when the account ends, and lets its contacts pass
  void sayOnce(subscribeStanza(jids.gateway));
  return linked;
}
