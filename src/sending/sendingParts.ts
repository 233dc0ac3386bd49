/** What sending one message takes, and how it hands over what has become of it. */
import type { Awaitable } from "../dm3/crypto/cryptoEngine.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import type { ProfileOutcome } from "../lookup/outcome.js";
import type { OutgoingMessage } from "./outgoingMessage.js";
import type { Patience } from "./patience.js";
import type { RelayNodeAccess } from "./relayNodeAccess.js";

export interface SendingParts {
  /**
   * The receiver with all of its relay nodes, as `resolveProfile` finds them.
   * @param age "now" where a remembered answer is of no use
   */
  readonly profileOf: (name: string, age: "remembered" | "now") => Promise<ProfileOutcome>;
  /** The keys of a sender, as its profile shows them now. */
  readonly keysOf: (name: string) => Awaitable<MessageKeys>;
  readonly submit: RelayNodeAccess;
  readonly patience: Patience;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
  /** From 0 to below 1. */
  readonly chance: () => number;
  /** Whether somebody without a profile is waited for: only where the message lies on the sender's own device. */
  readonly mayHold: boolean;
}

/**
 * Keeps what a message has become, before anything more is done with it.
 * @throws what ends the work on it, such as a lease that somebody else has now
 */
export type Keep = (message: OutgoingMessage) => Promise<void>;

/** The message afterwards, with the next time at which there is something to do. */
export type Advance = (
  parts: SendingParts,
  message: OutgoingMessage,
  keep: Keep,
) => Promise<OutgoingMessage>;
