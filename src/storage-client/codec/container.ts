/**
 * One message as a dm3 storage keeps it: what dm3's web client has of it, as canonical JSON. `envelop` holds the message as its
 * sender signed it; around it stand metadata, of which the hash alone matters here, and what that client shows it by.
 */
import { ENCRYPTION_SCHEME } from "../../dm3/message/encryption.js";
import { ENVELOPE_VERSION } from "../../dm3/message/envelope.js";
import type { Message } from "../../dm3/message/message.js";
import { parseMessage, type ReceivedMessage } from "../../dm3/message/receivedMessage.js";
import { sha256Hex, stringify } from "../../dm3/stringify.js";
import { isSignpostError } from "../../errors.js";

/** `MessageState` of dm3-lib-messaging. Its clients write "sent" for what they received. */
const CONTAINER_STATES = { created: 0, signed: 1, sent: 2, read: 3, failed: 4 } as const;
/** `MessageSource` of its web client. */
const SOURCES = { client: 0, deliveryService: 2 } as const;

type ContainerState = keyof typeof CONTAINER_STATES;

export interface ReadContainer {
  readonly message: ReceivedMessage;
  readonly isRead: boolean;
  /** The whole of it, to be changed and written again. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** What relay nodes made of the envelope, and what its postmark says, as far as a container has them. */
export interface ReceivedParts {
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Opened. */
  readonly postmark: unknown;
}

/** Of a message that the user wrote. @param isHalted whether nobody can be written to yet, so that there is no delivery information */
export function containerOfSent(message: Message, isHalted: boolean): string {
  const { from, to } = message.metadata;
  return stringify({
    envelop: {
      message,
      metadata: {
        deliveryInformation: isHalted ? "" : { from, to },
        ...{ encryptionScheme: ENCRYPTION_SCHEME, messageHash: sha256Hex(stringify(message)) },
        // over what a relay node got; nobody can check it here
        signature: "",
        version: ENVELOPE_VERSION,
      },
    },
    ...shownBy("created", SOURCES.client),
  });
}

/** @param message JSON, as its sender signed it */
export function containerOfReceived(
  message: unknown,
  { metadata, postmark }: ReceivedParts,
): string {
  const { version, encryptionScheme, signature, deliveryInformation } = metadata;
  return stringify({
    envelop: {
      message,
      metadata: {
        deliveryInformation,
        ...{ encryptionScheme, messageHash: sha256Hex(stringify(message)), signature, version },
      },
      ...(postmark !== null && { postmark }),
    },
    ...shownBy("sent", SOURCES.deliveryService),
  });
}

const shownBy = (state: ContainerState, source: number) => ({
  ...{ messageState: CONTAINER_STATES[state], reactions: [], source },
});

/** The same container in another state. */
export function inState(members: ReadContainer["members"], state: ContainerState): string {
  return stringify({ ...members, messageState: CONTAINER_STATES[state] });
}

/** Null for what is no container with a DM3 message in it. */
export function readContainer(text: string): ReadContainer | null {
  try {
    const members = Object(JSON.parse(text)) as Record<string, unknown>;
    const { message: signed } = Object(members["envelop"]) as { readonly message?: unknown };
    return {
      message: parseMessage(JSON.stringify(signed)),
      isRead: members["messageState"] === CONTAINER_STATES.read,
      members,
    };
  } catch (error) {
    // nested too deeply, to be written again
    if (error instanceof RangeError) return null;
    if (error instanceof SyntaxError || isSignpostError(error)) return null;
    throw error;
  }
}
