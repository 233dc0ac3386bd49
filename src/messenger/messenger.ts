/** What a DM3 messenger can do for one user. */
import type { Attachment } from "../dm3/message/message.js";
import type { MessageContent } from "../dm3/message/messageContent.js";
import type { OpenedAttachment } from "./attachments.js";
import type { Filters, NodeFilters } from "./filters.js";
import type { IncomingMessage } from "./incomingMessage.js";
import type { SendOptions } from "./outgoing.js";
import type { OutgoingReport } from "./outgoingReport.js";

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
  /**
   * The message of another network that came in this one, such as a mail; null where there is none. A long one is fetched in its
   * pieces, as `openAttachment` fetches.
   * @throws what `openAttachment` throws, and INVALID_REQUEST where it is not whole
   */
  openNative(content: IncomingMessage["content"]): Promise<Uint8Array | null>;
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
