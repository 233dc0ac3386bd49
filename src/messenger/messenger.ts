/** A DM3 messenger: sends by an outbox, receives from all of the user's relay nodes, verifies everything. */
import type { Attachment } from "../dm3/message/message.js";
import { type MessageContent, unsignedMessage } from "../dm3/message/messageContent.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import { resolvableName } from "../ens/resolvableName.js";
import { SignpostError } from "../errors.js";
import { DEFAULT_TIMEOUT_MS, resolveSettings } from "../lookup/resolveOptions.js";
import { profileOutcome } from "../lookup/resolveProfile.js";
import { memoryKeyValue } from "../sending/keyValue.js";
import { keyValueOutbox } from "../sending/keyValueOutbox.js";
import { createAttachments, type OpenedAttachment } from "./attachments.js";
import { createContacts } from "./contacts.js";
import { asSignpostError } from "./defect.js";
import type { Filters, NodeFilters } from "./filters.js";
import { createInbox } from "./inbox.js";
import type { IncomingMessage } from "./incomingMessage.js";
import { openMailbox } from "./mailbox.js";
import { guardedSocketOptions, type MessengerOptions, type Platform } from "./messengerOptions.js";
import { type SendOptions, startOutgoing } from "./outgoing.js";
import type { OutgoingReport } from "./outgoingReport.js";
import { createOwnProfile } from "./ownProfile.js";
import { received } from "./receiving.js";
import { createRelayNodes } from "./relayNodes.js";
import { sleep } from "./sleep.js";

export interface Messenger {
  /**
   * Keeps the message and begins to send it; returns as soon as it is kept. A text alone is a NEW message. Attachments that
   * are too long for an envelope are kept by one of the user's relay nodes before that, and sent as references.
   * @throws INVALID_NAME, INVALID_REQUEST for what is no message; with long attachments also ATTACHMENT_TOO_LARGE, and why
   *   none of the relay nodes keeps them now (UNREACHABLE, RELAY_NODE_REFUSED): nothing is sent then
   */
  send(
    to: string,
    content: string | MessageContent,
    options?: SendOptions,
  ): Promise<OutgoingReport>;
  /**
   * Resolves when a relay node accepted the message, all refused it, its time is over, or it is held because the receiver
   * has no profile. Rejects with the signal's reason.
   */
  settled(id: string, signal?: AbortSignal): Promise<OutgoingReport>;
  /** Messages that are on their way, and those of the last weeks that are over; oldest first. */
  outgoing(): Promise<readonly OutgoingReport[]>;
  /**
   * The content of an attachment, fetched where it is a reference: its host sees who fetches, so do it when the user wants it.
   * @throws BLOB_REFERENCE_MALFORMED, WRONG_BLOB for other bytes than the sender's, FORBIDDEN_ADDRESS, UNREACHABLE, NOT_FOUND
   *   for what is not kept any more, INVALID_REQUEST for a link or an unreadable data URI
   */
  openAttachment(attachment: Attachment): Promise<OpenedAttachment>;
  /** Takes a message back that nobody has accepted. False for an unknown id. */
  withdraw(id: string): Promise<boolean>;
  /**
   * Every message once: first what waits at the relay nodes, then what arrives. Ends with the signal, with `stop`, or by
   * leaving the loop. What was not acknowledged comes again in the next loop.
   *
   * Throws INVALID_REQUEST while another loop runs; with `follow: false` also what the lookup of the own profile comes to:
   * UNREACHABLE, NOT_FOUND, OTHER_KEYS.
   */
  messages(options?: MessagesOptions): AsyncGenerator<IncomingMessage, void, undefined>;
  /**
   * Call it when the app keeps the message: the relay nodes may forget it then, and its sender is told that it arrived.
   * Relay nodes that cannot be reached now are told when they show it again.
   */
  acknowledge(message: IncomingMessage): Promise<void>;
  /** Tells the sender that the user saw it. */
  markRead(message: IncomingMessage): Promise<void>;
  /** What the user asks of senders, at each relay node that knows filters. */
  filters(): Promise<readonly NodeFilters[]>;
  /** Sets them at every relay node; one that cannot has `error`. */
  setFilters(filters: Filters): Promise<readonly NodeFilters[]>;
  /** Tries what waits at once: the network is back. */
  wake(): void;
  stop(): Promise<void>;
}

export interface MessagesOptions {
  /** Ends the loop. */
  readonly signal?: AbortSignal | undefined;
  /** Whether to go on after what waits now; default true. */
  readonly follow?: boolean | undefined;
}

const DEFAULT_POLL_MS = 15_000;
const DEFAULT_INLINE_CHARS = 48_000;
/** What is answered to by a receipt: no receipts of receipts. */
const ANSWERED = new Set(["NEW", "EDIT", "REPLY"]);
const CHANCE_RANGE = 2 ** 32;

/**
 * Asks nobody anything yet. Throws INVALID_REQUEST and INVALID_NAME for wrong options.
 */
export function createMessenger(options: MessengerOptions, platform: Platform): Messenger {
  const { keys, onProblem = () => undefined, allowLoopback, receipts = true } = options;
  const { name } = resolvableName(options.name);
  // apps in JavaScript leave them out, or do not open them
  if ((keys as Partial<MessageKeys> | undefined)?.engine === undefined) throw noKeys();
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
  const stopping = new AbortController();
  let isReading = false;

  async function noteReceipt({ from, content }: IncomingMessage): Promise<void> {
    if (content.type !== "READ_RECEIVED" && content.type !== "READ_OPENED") return;
    await outgoing
      .raise(content.reference, "delivered", (to) => contacts.isSamePerson(to, from))
      .catch(onDefect);
  }

  async function receipt(
    { id, from, messageHash: reference, content }: IncomingMessage,
    type: "READ_RECEIVED" | "READ_OPENED",
  ): Promise<void> {
    if (!ANSWERED.has(content.type)) return;
    // by its id it is sent once
    await outgoing.send(from, { type, reference }, { id: `${type}/${id}` });
  }

  async function send(to: string, given: string | MessageContent, sendOptions: SendOptions = {}) {
    const content: MessageContent =
      typeof given === "string" ? { type: "NEW", text: given } : given;
    // for what is no message, nothing is uploaded; nor a second time for one that is sent again
    unsignedMessage({ ...content, from: name, to: resolvableName(to).name, timestampMs: nowMs() });
    const isKnown = sendOptions.id !== undefined && (await outgoing.has(sendOptions.id));
    return outgoing.send(to, isKnown ? content : await attachments.kept(content), sendOptions);
  }

  return {
    send,
    openAttachment: (attachment) => attachments.open(attachment),
    settled: (id, signal) => outgoing.settled(id, signal),
    outgoing: () => outgoing.list(),
    withdraw: (id) => outgoing.remove(id),
    async *messages({ signal, follow = true } = {}) {
      if (isReading) throw secondLoop();
      isReading = true;
      const ending = new AbortController();
      const end = () => {
        ending.abort();
      };
      for (const one of [signal, stopping.signal]) {
        if (one?.aborted === true) end();
        one?.addEventListener("abort", end, { once: true });
      }
      const reading = {
        keys: [keys, ...(options.earlierKeys ?? [])],
        ownNames: [name, ...(options.furtherNames ?? [])],
        contactOf: contacts.contactOf,
      };
      const incoming = received(
        {
          ...{ own, inbox, sleep, chance, onProblem },
          mailboxAt: (node, more) => {
            const { io } = options;
            const { url } = node.profile;
            return openMailbox({
              ...{ node, name, sleep, ...clock, ...relayNodes.at(node), take: more.take },
              reading: { ...reading, ownAddress: own.seen().address },
              live:
                io === undefined
                  ? null
                  : { io, socketOptions: guardedSocketOptions(platform, url, allowLoopback) },
              pollMs: options.pollMs ?? DEFAULT_POLL_MS,
              ...{ onProblem: more.onProblem, onFirstLook: more.onFirstLook },
              onMessage: async (message) => {
                await noteReceipt(message);
                return more.onMessage(message);
              },
            });
          },
        },
        follow,
        ending.signal,
      );
      try {
        yield* incoming;
      } finally {
        for (const one of [signal, stopping.signal]) one?.removeEventListener("abort", end);
        isReading = false;
      }
    },
    async acknowledge(message) {
      const holders = await inbox.acknowledge(message);
      if (receipts) await receipt(message, "READ_RECEIVED");
      await relayNodes.acknowledge(holders, onProblem);
    },
    markRead: (message) => receipt(message, "READ_OPENED"),
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

/** Those of lookups, without the messenger's own. */
function lookupOptions({
  rpc,
  ensRegistry,
  universalResolver,
  ipfsGateways,
  timeoutMs = DEFAULT_TIMEOUT_MS,
  allowLoopback,
}: MessengerOptions) {
  return { rpc, ensRegistry, universalResolver, ipfsGateways, timeoutMs, allowLoopback };
}

function noKeys(): SignpostError {
  const sentence =
    "The option keys is missing or not opened. Give await openMessageKeys(profileKeys).";
  return new SignpostError("INVALID_REQUEST", sentence, { field: "keys" });
}

function secondLoop(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "Another loop over messages() runs. Leave that one first, or use one for the whole app.",
  );
}
