/**
 * What the relay node asks of a database, in its own nouns; `src/db/relay` answers with Postgres. Every method throws
 * DATABASE_UNAVAILABLE when the database did not answer; `null` always means "does not exist".
 */
import type { Digest } from "../abi/digest.js";
import type { Account, AccountStore } from "../accounts/store.js";
import type { Address } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";
import type { MailboxPart } from "./errorCodes.js";
import type { Filters } from "./filters.js";

/** An account of the relay node. */
export interface RelayAccount extends Account {
  readonly filters: Filters;
}

/** An account as an operator sees it. */
export interface AccountUse extends RelayAccount {
  readonly createdMs: number;
  readonly messages: number;
  readonly bytes: number;
}

export interface RelayAccountStore extends AccountStore<RelayAccount> {
  /** False where there is no such account. */
  setFilters(address: Address, filters: Filters): Promise<boolean>;
  /** In the order of their addresses, behind `after`. */
  accounts(after: Address | null, limit: number): Promise<readonly AccountUse[]>;
  /**
   * Takes an account away with its messages; false where there was none. Its blobs end by their own time, because messages of other
   * people refer to them.
   */
  endAccount(address: Address): Promise<boolean>;
  /** Takes an account away with its messages and blobs, also those that other people's messages refer to; false where there was none. */
  removeAccount(address: Address): Promise<boolean>;
}

export interface NewMessage {
  readonly account: Address;
  readonly sender: Address;
  readonly senderName: NormalName;
  /** `domainOfSender` of it. */
  readonly senderDomain: string;
  /** As the sender claims it. */
  readonly claimedHash: Digest;
  /** SHA-256 of the envelope's `message`, by which copies are told. */
  readonly bodyHash: Digest;
  /** As it is served: JSON. */
  readonly envelope: string;
}

interface KeptNumber {
  readonly number: number;
  /** The highest that was given in this mailbox before; 0: none was. */
  readonly after: number;
}

export type Kept =
  | ({ readonly kind: "kept" } & KeptNumber)
  /** The same was accepted before, and perhaps acknowledged. */
  | { readonly kind: "known" }
  | { readonly kind: "full"; readonly of: MailboxPart }
  | { readonly kind: "no-account" };

/** How much one mailbox holds. */
export interface MailboxBounds {
  readonly mostMessages: number;
  readonly mostBytes: number;
}

export interface Acknowledgement {
  /** The sender's name, as served in the delivery information. */
  readonly senderName: string;
  readonly claimedHash: Digest;
}

export interface WaitingMessage {
  readonly number: number;
  readonly envelope: string;
}

export interface MailboxStore {
  /** Keeps the message, so that a crash after the answer loses nothing. */
  keep(message: NewMessage): Promise<Kept>;
  /**
   * What waits, newest first: envelopes as they are served, each as JSON. Where that is more than one page, each sender's
   * newest come first, so that nobody hides others.
   * @param senderName only what this sender wrote
   */
  waiting(account: Address, senderName?: string): Promise<readonly string[]>;
  /** Those that wait behind number `after`, in their order: `limit` at most, and fewer where they are long. */
  waitingInOrder(
    account: Address,
    after: number,
    limit: number,
  ): Promise<readonly WaitingMessage[]>;
  /** Of these accounts, those with messages behind their number, with the number of the newest. */
  newest(after: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>>;
  /** Returns how many messages became delivered. What matches nothing is passed over. */
  acknowledge(account: Address, list: readonly Acknowledgement[]): Promise<number>;
  /** Up to which number live connections of the account have had everything. */
  pushedUpTo(account: Address): Promise<number>;
  notePushed(account: Address, number: number): Promise<void>;
}

/** What time does to messages. */
export interface RetentionStore {
  /** Messages accepted before this time become expired and lose their bodies; returns how many, `limit` at most. */
  expire(beforeMs: number, limit: number): Promise<number>;
  /** Forgets messages that ended before this time; returns how many, `limit` at most. */
  forget(beforeMs: number, limit: number): Promise<number>;
}
