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
  const settings = resolveSettings({ ...lookupOptions(options), fetcher });
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
  const inbox = createInbox(store, nowMs);
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
    onOutgoing: options.onOutgoing ?? (() => undefined),
  });
  const receipts = createReceipts({ outgoing, contacts, onDefect });
  const stopping = new AbortController();
  const messages = messageLoop({
    ...{ options, platform, name, own, contacts, inbox, relayNodes, clock, onProblem },
    noteReceipt: (message) => receipts.note(message),
    stopping: stopping.signal,
  });

  return {
    send: createWriting({ attachments, outgoing, ownName: () => name, nowMs }),
    openAttachment: (attachment) => attachments.open(attachment),
    openNative: (content) => attachments.openNative(content),
    settled: (id, signal) => outgoing.settled(id, signal),
    outgoing: () => outgoing.list(),
    withdraw: (id) => outgoing.remove(id),
    messages: (how) => messages(how),
    async acknowledge(message) {
      const holders = await inbox.acknowledge(message);
      if (areSent) await receipts.send(message, "READ_RECEIVED");
      await relayNodes.acknowledge(holders, onProblem);
    },
    markRead: (message) => receipts.send(message, "READ_OPENED"),
    filters: () => relayNodes.filters(),
    setFilters: (filters) => relayNodes.setFilters(filters),
    wake: () => {
      outgoing.wake();
    },
    async stop() {
      stopping.abort();
      await outgoing.stop();
    },
  };
}
