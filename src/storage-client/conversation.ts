/** What an app sees of conversations that a storage keeps. */
import type { MessageHash } from "../dm3/message/message.js";
import type { ReceivedMessage } from "../dm3/message/receivedMessage.js";

export interface Conversation {
  /** What the storage calls the person: the address below `addressDomain`, or a name that had no address. `messages` takes it. */
  readonly contact: string;
  /** By which name the user and the person last wrote; null where none is kept. */
  readonly name: string | null;
  /** Unix time in milliseconds, by the storage's clock: when it was begun, or a message was added. */
  readonly updatedMs: number;
  /** The newest message; null without one. */
  readonly preview: StoredMessage | null;
}

export interface StoredMessage extends Pick<
  ReceivedMessage,
  "from" | "to" | "timestampMs" | "content"
> {
  /** By it other messages are about this one. In a conversation each message is there once. */
  readonly messageHash: MessageHash;
  /** Whether the user wrote it. */
  readonly isOwn: boolean;
  /**
   * Whether the one in `from` signed it, and it belongs to this conversation. "failed": by the key that its sender has now, it is
   * not signed; the key may have changed, or somebody made it up, since everybody can encrypt for the user. "unknown": that could
   * not be found out now, or the sender has no profile any more.
   */
  readonly signature: "passed" | "failed" | "unknown";
  /** Whether one of the user's devices has shown it. */
  readonly isRead: boolean;
  /** Whether it waits for its receiver to have a profile. */
  readonly isHalted: boolean;
  /** Unix time in milliseconds, by the clock of the device that stored it; the conversation is in this order. */
  readonly storedMs: number;
}
