/** What an app does with its messenger. */
import type { Attachment } from "../dm3/message/message.js";
import type { MessageContent } from "../dm3/message/messageContent.js";
import type { OpenedAttachment } from "../messenger/attachments.js";
import type { IncomingMessage } from "../messenger/incomingMessage.js";
import type { SendOptions } from "../messenger/outgoing.js";
import type { OutgoingReport } from "../messenger/outgoingReport.js";
import type { Greeting } from "./gateway.js";

export interface XmppMessenger {
  /** Asks the gateway. Throws UNREACHABLE, and GATEWAY_REFUSED where there is none. */
  greeting(): Promise<Greeting>;
  /**
   * Links the account now. The messenger does it by itself whenever the connection is there, and tells `onProblem` why it could not.
   * @throws UNREACHABLE, GATEWAY_REFUSED, INVALID_REQUEST where neither the gateway gives a name nor the app
   */
  link(): Promise<{ readonly name: string }>;
  /**
   * Keeps the message and begins to send it; returns as soon as it is kept. A text alone is a NEW message. Attachments that are too
   * long for an envelope are kept by one of the user's relay nodes before that, and sent as references.
   * @param to ENS name
   * @throws INVALID_NAME, INVALID_REQUEST for what is no message; UNREACHABLE as long as the gateway was never asked for the user's
   *   name; with long attachments also ATTACHMENT_TOO_LARGE, and why none of the relay nodes keeps them now
   */
  send(
    to: string,
    content: string | MessageContent,
    options?: SendOptions,
  ): Promise<OutgoingReport>;
  /**
   * Resolves when the gateway accepted the message or refused it, its time is over, or it is held because the receiver has no profile.
   * Rejects with the signal's reason.
   */
  settled(id: string, signal?: AbortSignal): Promise<OutgoingReport>;
  /** Messages that are on their way, and those of the last weeks that are over; oldest first. */
  outgoing(): Promise<readonly OutgoingReport[]>;
  /** Takes a message back that nobody has accepted. False for an unknown id. */
  withdraw(id: string): Promise<boolean>;
  /** See `Messenger.openAttachment` of signpost-sdk/messages. */
  openAttachment(attachment: Attachment): Promise<OpenedAttachment>;
  /** See `Messenger.openNative` of signpost-sdk/messages. */
  openNative(content: IncomingMessage["content"]): Promise<Uint8Array | null>;
  /**
   * Every message once: first what waits at the server and the gateway, then what arrives. Ends with the signal, with `stop`, or by
   * leaving the loop. What was not acknowledged comes again in the next loop.
   *
   * Throws INVALID_REQUEST while another loop runs.
   */
  messages(options?: {
    readonly signal?: AbortSignal | undefined;
  }): AsyncGenerator<IncomingMessage, void, undefined>;
  /** Call it when the app keeps the message: the gateway may forget it then, and its sender is told that it arrived. */
  acknowledge(message: IncomingMessage): Promise<void>;
  /** Tells the sender that the user saw it. */
  markRead(message: IncomingMessage): Promise<void>;
  /** The ENS name behind an address at the gateway; null where it leads to none. */
  nameOfContact(jid: string): string | null;
  /** What a DM3 user is called at the gateway. Throws INVALID_NAME. */
  contactOf(name: string): string;
  /** Tries what waits at once. */
  wake(): void;
  stop(): Promise<void>;
}
