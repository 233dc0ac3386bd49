/**
 * What a gateway keeps, in its own nouns; `src/db/messaging` answers with Postgres. Every method throws DATABASE_UNAVAILABLE
 * when the database did not answer; `null` always means "does not exist".
 */
import type { Address } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";
import type { OutgoingMessage } from "../sending/outgoingMessage.js";
import type { NativeAddress } from "./address/nativeAddress.js";
import type {
  EnvelopeHash,
  NotedPassage,
  PassageBefore,
  SentNote,
  SubmissionKind,
} from "./network.js";

/** An address of the network and a DM3 account that belong to one user. Each has one of the other. */
export interface Link {
  readonly native: NativeAddress;
  /** Of the relay node: the user's wallet. */
  readonly account: Address;
  readonly name: NormalName;
  /** When the user signed it, Unix time in seconds. */
  readonly signedAtSec: number;
}

export interface LinkStore {
  readonly linkOf: (native: NativeAddress) => Promise<Link | null>;
  readonly linkOfAccount: (account: Address) => Promise<Link | null>;
  /**
   * Takes the place of what the address and the account were linked to.
   * @returns "earlier", and nothing changes, where the account has a link that was signed later, or one that was ended lately
   * and not signed before this one; "new" where the two were not linked
   */
  readonly putLink: (link: Link) => Promise<"earlier" | "new" | "known">;
  /** The lowest `signedAtSec` that `putLink` takes, Unix seconds; null where it takes any. */
  readonly notBefore: (account: Address) => Promise<number | null>;
  /** Returns what was linked. */
  readonly removeLink: (native: NativeAddress) => Promise<Link | null>;
  /** Forgets which links were ended before this time, Unix milliseconds. */
  readonly forgetEnded: (beforeMs: number) => Promise<void>;
}

/** A message of the relay node that its receiver's client has not accepted. */
export interface Unconfirmed {
  readonly number: number;
  readonly senderName: NormalName;
  /** As it is served: JSON. */
  readonly envelope: string;
}

/** The messages of the relay node, as far as the network takes them. */
export interface InjectionStore {
  /** Those behind number `after`, in their order: `limit` at most, and fewer where these have a megabyte together. */
  readonly unconfirmed: (
    account: Address,
    after: number,
    limit: number,
  ) => Promise<readonly Unconfirmed[]>;
  /** Raises messages to "injected". */
  readonly noteInjected: (account: Address, numbers: readonly number[]) => Promise<void>;
  /** As it is served; null for one that has ended or never was. */
  readonly envelopeOf: (account: Address, number: number) => Promise<string | null>;
  /** Ends a message, which loses its body. Whatever has ended already stays as it is, but for a late "delivered". */
  readonly end: (
    account: Address,
    number: number,
    state: "injected" | "delivered" | "refused",
  ) => Promise<void>;
  /** The same as `end` for "injected", and notes what was sent, in one step. Nothing is noted of what has ended already. */
  readonly endSent: (account: Address, number: number, sent: SentMessage) => Promise<void>;
  /** Linked accounts with messages that wait, in the order of their addresses, behind `after`. */
  readonly waitingAccounts: (
    after: Address | null,
    limit: number,
  ) => Promise<readonly WaitingAccount[]>;
}

/** What a bridge's network took. */
interface SentMessage extends SentNote {
  readonly native: NativeAddress;
  readonly hash: EnvelopeHash;
}

interface WaitingAccount {
  readonly account: Address;
  /** The number of its newest message. */
  readonly newest: number;
}

/** Of what waits to be carried. The domains: of the network, and of ENS with all names below it. */
export type FullShare =
  "sender" | "sender's domain" | "receiver" | "receiver's domain" | "answers" | "all";

/** What a user submits, with the message in the outbox that carries it. */
export interface NewSubmission {
  readonly native: NativeAddress;
  readonly hash: EnvelopeHash;
  readonly receiver: NormalName;
  /** Of the envelope. */
  readonly bytes: number;
  readonly kind: SubmissionKind;
  readonly message: OutgoingMessage;
  /** How long nobody else takes the message from the outbox, in milliseconds; null: whoever looks there first has it. */
  readonly leaseMs: number | null;
  /** Where it came from the network as something else. */
  readonly passage: NotedPassage | null;
}

export type AddedSubmission =
  /** `fence` of the lease; null without one. */
  | { readonly is: "kept"; readonly fence: number | null }
  /** It is open, and its message was in the outbox before. */
  | { readonly is: "known" }
  /** Nothing is kept, because a share is taken. */
  | { readonly is: "full"; readonly share: FullShare }
  /** Nothing is kept, because the passage was noted before, and at another time or as kept. */
  | ({ readonly is: "noted" } & PassageBefore);

/** Something of a user of the network that was accepted, until the user's client knows how it ended. */
export interface SubmissionStore {
  /** Keeps the submission, its message and its passage in one step, or nothing. A submission that had ended begins anew. */
  readonly addSubmission: (submission: NewSubmission) => Promise<AddedSubmission>;
  /** It will not arrive. Returns what it was; null where nothing has to be told. */
  readonly endSubmission: (
    native: NativeAddress,
    hash: EnvelopeHash,
    why: { readonly reason: string; readonly sentence: string },
  ) => Promise<EndedSubmission | null>;
  /** Those from before this time, Unix milliseconds, that have not ended, behind `after`. */
  readonly openSubmissions: (
    beforeMs: number,
    after: OpenSubmission | null,
    limit: number,
  ) => Promise<readonly OpenSubmission[]>;
  /** Those that ended, and of which the user's client has not said that it knows; the 1,000 newest. */
  readonly endedSubmissions: (native: NativeAddress) => Promise<readonly EndedSubmission[]>;
  /** Those of all users that ended; the `limit` oldest behind `after`. */
  readonly untoldEnds: (
    after: OpenSubmission | null,
    limit: number,
  ) => Promise<readonly UntoldEnd[]>;
  readonly forgetSubmission: (native: NativeAddress, hash: EnvelopeHash) => Promise<void>;
  /** Those from before this time, Unix milliseconds, and of each user all ends but the 1,000 newest. */
  readonly forgetSubmissions: (beforeMs: number) => Promise<void>;
}

export interface OpenSubmission {
  readonly native: NativeAddress;
  readonly hash: EnvelopeHash;
}

export interface UntoldEnd extends EndedSubmission {
  readonly native: NativeAddress;
}

export interface EndedSubmission {
  readonly receiver: NormalName;
  readonly hash: EnvelopeHash;
  readonly reason: string;
  readonly sentence: string;
}
