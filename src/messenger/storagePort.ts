/**
 * Where a user's conversations lie for all of their devices (DM3's level 2): the port that `signpost-sdk/storage` fills. A messenger
 * without one asks for none.
 */
import type { Awaitable } from "../dm3/crypto/cryptoEngine.js";
import type { Contact } from "../dm3/message/decodeMessage.js";
import type { NewMessage } from "../dm3/message/messageContent.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import type { ResolveOptions } from "../lookup/resolveOptions.js";
import type { KeyValue } from "../sending/keyValue.js";
import type { NewOutgoing } from "../sending/newOutgoing.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import type { IncomingMessage } from "./incomingMessage.js";
import type { Problem } from "./mailbox.js";
import type { OutgoingReport } from "./outgoingReport.js";
import type { OwnProfile } from "./ownProfile.js";
import type { SessionClock } from "./session.js";

export interface StoragePort {
  /** Called by the messenger that it is given to, once. Asks nobody anything yet. */
  open(parts: StorageParts): OpenStorage;
}

/** What the messenger has. */
export interface StorageParts {
  /** The user's present keys, then earlier ones. */
  readonly keys: readonly [MessageKeys, ...MessageKeys[]];
  /** All names of the user. */
  readonly ownNames: readonly string[];
  readonly own: OwnProfile;
  readonly contactOf: (name: string) => Awaitable<Contact | null>;
  readonly lookup: ResolveOptions;
  readonly access: RelayNodeAccess;
  readonly clock: SessionClock;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** On the user's device. */
  readonly store: KeyValue;
  readonly outgoing: {
    /** Null for an unknown id. */
    report(id: string): Promise<OutgoingReport | null>;
    sendWritten(message: NewOutgoing): Promise<OutgoingReport>;
    /** False for an unknown id. */
    remove(id: string): Promise<boolean>;
  };
  readonly onProblem: (problem: Problem) => void;
}

/** What it is told. */
export interface OpenStorage {
  /** A message that the user writes, before the outbox has it. */
  written(id: string, given: NewMessage): Promise<void>;
  /** What became of one. */
  outgoing(report: OutgoingReport): void;
  withdrawn(id: string): Promise<void>;
  /**
   * Asked when the receiver of a message is found: false for one that another device left there, and that is there no longer, or
   * where the storage does not say so now. Never rejects.
   */
  mayBeSent(id: string): Promise<boolean>;
  /** A message that was read, before the app has it. */
  arrived(message: IncomingMessage, envelope: unknown): void;
  /**
   * A message that the app keeps. Returns when it waits on this device; `stored` resolves when the storage has it, or never will.
   * @throws INVALID_REQUEST for another object than the messenger handed over
   */
  received(message: IncomingMessage): Promise<{ readonly stored: Promise<void> }>;
  /** Whether the message with this id waits on this device. */
  isWaiting(id: string): Promise<boolean>;
  read(message: IncomingMessage): Promise<void>;
  /** The app reads from now on. */
  start(): void;
  wake(): void;
  stop(): Promise<void>;
}
