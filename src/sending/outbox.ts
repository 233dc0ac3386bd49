/**
 * Where messages wait to be sent: the port that stores fill. In browsers a key-value store does (`keyValueOutbox.ts`), on
 * servers Postgres (`src/db/outbox`).
 *
 * A worker leases what is due. Whoever leases the same again, after the first lease ran out, gets a higher fence, and
 * what the first worker still writes is ignored: so a worker that hangs or was killed holds up nobody for longer than its
 * lease, and two never write over one another.
 */
import { type MessageState, raisedState } from "../dm3/message/messageState.js";
import type { OutgoingMessage } from "./outgoingMessage.js";

export interface Lease {
  readonly message: OutgoingMessage;
  readonly fence: number;
}

/** How long a lease goes on. */
interface LeaseTime {
  /** Unix time in milliseconds. */
  readonly nowMs: number;
  /** From now on, in milliseconds. */
  readonly leaseMs: number;
}

export interface Outbox {
  /** Whether messages may wait in it in plain text, because it is the sender's own device. */
  readonly isSendersOwn: boolean;
  /** False where the id is known: nothing changes then. What it answered true to survives a crash. */
  add(message: OutgoingMessage): Promise<boolean>;
  /** Up to `most` of those that are due and that nobody else has a lease of. */
  lease(time: LeaseTime, most: number): Promise<readonly Lease[]>;
  /**
   * Writes how far the message is; its state only goes up. Null where the lease is no longer the newest: the worker has to
   * leave the message alone then.
   * @param goesOn null gives the lease back
   * @returns what is kept now
   */
  write(
    lease: Lease,
    message: OutgoingMessage,
    goesOn: LeaseTime | null,
  ): Promise<OutgoingMessage | null>;
  /** The lease goes on. False where it is no longer the newest. */
  prolong(lease: Lease, time: LeaseTime): Promise<boolean>;
  /** Raises a message's state from the outside, as a receipt does. Null for an unknown id. */
  raise(id: string, state: MessageState): Promise<OutgoingMessage | null>;
  /** When a worker finds something to do, leases of others included. Null: never, as it is now. */
  nextDueMs(): Promise<number | null>;
  /** What is said may be left out, here and below: whoever has a lease sees it. */
  get(id: string): Promise<OutgoingMessage | null>;
  /** Those that were signed with this hash, of which there is one for each receiver. */
  withHash(messageHash: string): Promise<readonly OutgoingMessage[]>;
  /** Takes a message away, whatever it is waiting for. False for an unknown id. */
  remove(id: string): Promise<boolean>;
  /** Forgets messages that are over and were made before this time. */
  forget(beforeMs: number): Promise<void>;
}

/** What is kept where a worker writes `message` over `before`: a state from the outside that is as high stays. */
export function written(before: OutgoingMessage, message: OutgoingMessage): OutgoingMessage {
  if (before.state === null) return message;
  const isHigher =
    message.state !== null && raisedState(before.state, message.state) !== before.state;
  return isHigher ? message : before;
}
