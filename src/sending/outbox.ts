/**
 * Where messages wait to be sent: the port that stores fill. In browsers a key-value store does (`keyValueOutbox.ts`), on
 * servers Postgres (`src/db/outbox`).
 *
 * A worker leases what is due. Whoever leases the same again, after the first lease ran out, gets a higher fence, and
 * what the first worker still writes is ignored: so a worker that hangs or was killed holds up nobody for longer than its
 * lease, and two never write over one another.
 */
import type { MessageState } from "../dm3/message/messageState.js";
import type { OutgoingMessage } from "./outgoingMessage.js";

export interface Lease {
  readonly message: OutgoingMessage;
  readonly fence: number;
}

export interface Outbox {
  /** Whether messages may wait in it in plain text, because it is the sender's own device. */
  readonly isSendersOwn: boolean;
  /** False where the id is known: nothing changes then. What it answered true to survives a crash. */
  add(message: OutgoingMessage): Promise<boolean>;
  /** Up to `most` of those that are due and that nobody else has a lease of. */
  lease(nowMs: number, leaseMs: number, most: number): Promise<readonly Lease[]>;
  /**
   * Writes how far the message is; its state only goes up. False where the lease is no longer the newest: the worker has
   * to leave the message alone then.
   * @param untilMs until when the lease goes on; null gives it back
   */
  write(lease: Lease, message: OutgoingMessage, untilMs: number | null): Promise<boolean>;
  /** The lease goes on until then. False where it is no longer the newest. */
  prolong(lease: Lease, untilMs: number): Promise<boolean>;
  /** Raises a message's state from the outside, as a receipt does. Null for an unknown id. */
  raise(id: string, state: MessageState): Promise<OutgoingMessage | null>;
  /** When a worker finds something to do, leases of others included. Null: never, as it is now. */
  nextDueMs(): Promise<number | null>;
  get(id: string): Promise<OutgoingMessage | null>;
  /** Those that were signed with this hash, of which there is one for each receiver. */
  withHash(messageHash: string): Promise<readonly OutgoingMessage[]>;
  /** Oldest first. */
  list(): Promise<readonly OutgoingMessage[]>;
  /** Takes a message away, whatever it is waiting for. False for an unknown id. */
  remove(id: string): Promise<boolean>;
  /** Forgets messages that are over and were made before this time. */
  forget(beforeMs: number): Promise<void>;
}
