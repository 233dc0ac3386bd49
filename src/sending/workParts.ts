/** What working an outbox off takes, whatever is done with each message. */
import type { Lease, Outbox } from "./outbox.js";
import type { OutgoingMessage } from "./outgoingMessage.js";
import type { SendingParts } from "./sendingParts.js";

export interface WorkParts extends Pick<SendingParts, "patience" | "nowMs" | "chance"> {
  readonly outbox: Outbox;
  /** Where many senders share the outbox: whose messages go on now. Default: all. */
  readonly turns?: Turns | undefined;
  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told of each message whenever it was written. */
  readonly onProgress?: ((message: OutgoingMessage) => void) | undefined;
  /** Told of defects, and of stores that do not answer; the work is tried again. */
  readonly reportFailure: (error: unknown) => void;
  readonly pace?: Partial<Pace> | undefined;
}

export interface Turns {
  /** Those that go on now; the others' leases are given back. */
  take(leases: readonly Lease[]): Promise<readonly Lease[]>;
  done(leases: readonly Lease[]): void;
}

/** How the work is shared out. */
export interface Pace {
  /** After a crash somebody else goes on after so long. Milliseconds, as all here. */
  readonly leaseMs: number;
  /** Conversations at a time; each has one message under way. */
  readonly atOnce: number;
  /** What other processes put into the outbox is seen after so long. */
  readonly longestSleepMs: number;
  /** After a failure of the outbox itself. */
  readonly afterFailureMs: number;
}

export const PACE: Pace = {
  leaseMs: 5_000,
  atOnce: 8,
  longestSleepMs: 60_000,
  afterFailureMs: 1_000,
};
