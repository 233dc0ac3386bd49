/** A DM3 messenger: sends by an outbox, receives from all of the user's relay nodes, verifies everything. */
import type { ResolvableName } from "../ens/resolvableName.js";
import { resolvableName } from "../ens/resolvableName.js";
import { resolveSettings } from "../lookup/resolveOptions.js";
import { profileOutcome } from "../lookup/resolveProfile.js";
import { memoryKeyValue } from "../sending/keyValue.js";
import { keyValueOutbox } from "../sending/keyValueOutbox.js";
import { createAttachments } from "./attachments.js";
import { assertOpened, lookupOptions } from "./commonOptions.js";
import { createContacts } from "./contacts.js";
import { asSignpostError } from "./defect.js";
import { createInbox } from "./inbox.js";
import { messageLoop } from "./messageLoop.js";
import type { Messenger } from "./messenger.js";
import type { MessengerOptions, Platform } from "./messengerOptions.js";
import { startOutgoing } from "./outgoing.js";
import { createOwnProfile } from "./ownProfile.js";
import { createReceipts } from "./receipts.js";
import { createRelayNodes } from "./relayNodes.js";
import { sleep } from "./sleep.js";
import { unlessTakenBack } from "./unlessTakenBack.js";
import { createWriting } from "./writing.js";

const DEFAULT_INLINE_CHARS = 48_000;
const CHANCE_RANGE = 2 ** 32;

/**
 * Asks nobody anything yet. Throws INVALID_REQUEST and INVALID_NAME for wrong options.
 */
export function createMessenger(options: MessengerOptions, platform: Platform): Messenger {
  const { keys, onProblem = () => undefined, receipts: areSent = true } = options;
  const { name } = resolvableName(options.name);
  assertOpened(keys);
  const { fetcher } = platform;
  const lookup = { ...lookupOptions(options), fetcher };
  const settings = resolveSettings(lookup);
  const nowMs = () => Date.now();
  const chance = () => new DataView(keys.engine.entropy(4).buffer).getUint32(0) / CHANCE_RANGE;
  const clock = { nowMs, chance };
  const access = { fetcher, timeoutMs: settings.timeoutMs };

  const lookUp = (asked: ResolvableName, relayNodes: "all" | "none") =>
    profileOutcome(asked, { ...settings, relayNodes });
  const profileOf = (text: string) => lookUp(resolvableName(text), "all");
  const contacts = createContacts((text) => lookUp(resolvableName(text), "none"), nowMs);
  const own = createOwnProfile(name, keys, profileOf, nowMs);
  const store = options.store ?? memoryKeyValue();
  const inbox = createInbox(store, nowMs, (id) => storage?.isWaiting(id) ?? false);
  const relayNodes = createRelayNodes({ name, keys, own, access, clock });
  const attachments = createAttachments({
    ...{ engine: keys.engine, relayNodes, access },
    inlineChars: options.inlineAttachmentChars ?? DEFAULT_INLINE_CHARS,
  });
  const onDefect = (cause: unknown) => {
    const error = asSignpostError(cause, "A message could not be worked on");
    onProblem({ relayNode: "", envelope: null, error });
  };
  const outgoing = startOutgoing({
    ...{ ownName: () => name, outbox: keyValueOutbox(store) },
    ...{ keys, profileOf, access, ...clock, onDefect },
    patience: options.patience ?? {},
    ...(options.storage && {
      advance: unlessTakenBack((id) => storage?.mayBeSent(id) ?? Promise.resolve(true)),
    }),
    onWritten: (...what) => storage?.written(...what),
    onOutgoing: (report) => {
      storage?.outgoing(report);
      options.onOutgoing?.(report);
    },
  });
  const storage = options.storage?.open({
    keys: [keys, ...(options.earlierKeys ?? [])],
    ownNames: [name, ...(options.furtherNames ?? [])],
    ...{
      own,
      contactOf: contacts.contactOf,
      lookup,
      access,
      clock,
      sleep,
      store,
      outgoing,
      onProblem,
    },
  });
  const receipts = createReceipts({ outgoing, contacts, onDefect });
  const stopping = new AbortController();
  const messages = messageLoop({
    ...{ options, platform, name, own, contacts, inbox, relayNodes, clock, onProblem },
    onArrival: (message, envelope) => {
      storage?.arrived(message, envelope);
      return receipts.note(message);
    },
    stopping: stopping.signal,
  });

  return {
    send: createWriting({ attachments, outgoing, ownName: () => name, nowMs }),
    openAttachment: (attachment) => attachments.open(attachment),
    openNative: (content) => attachments.openNative(content),
    settled: (id, signal) => outgoing.settled(id, signal),
    outgoing: () => outgoing.list(),
    async withdraw(id) {
      const isTaken = await outgoing.remove(id);
      if (isTaken) await storage?.withdrawn(id);
      return isTaken;
    },
    messages(how) {
      storage?.start();
      return messages(how);
    },
    async acknowledge(message) {
      const waiting = await storage?.received(message);
      const holders = await inbox.acknowledge(message);
      if (areSent) await receipts.send(message, "READ_RECEIVED");
      const tell = () => relayNodes.acknowledge(holders, onProblem);
      // until the storage has it, the user's other devices have it of the relay nodes
      if (waiting === undefined) await tell();
      else void waiting.stored.then(tell).catch(onDefect);
    },
    async markRead(message) {
      await storage?.read(message);
      await receipts.send(message, "READ_OPENED");
    },
    filters: () => relayNodes.filters(),
    setFilters: (filters) => relayNodes.setFilters(filters),
    wake: () => {
      outgoing.wake();
      storage?.wake();
    },
    async stop() {
      stopping.abort();
      await Promise.all([outgoing.stop(), storage?.stop()]);
    },
  };
}
