/**
 * A connected network, as gateways and bridges see it: one port, which an adapter fills for each kind (`src/xmpp`).
 *
 *   DM3 → network   `inject`; later an event `delivered` or `refused`
 *   network → DM3   an event `submitted`, answered with what became of it; later `tell`
 *
 * An envelope is bytes here: nobody on the way changes it, and its SHA-256 is its name at every hop.
 */
import type { NormalName } from "../ens/normalize.js";
import type { NativeAddress } from "./address/nativeAddress.js";
import type { NetworkKind } from "./address/virtualAddress.js";

/** SHA-256 of an envelope's UTF-8, 64 hexadecimal digits. */
export type EnvelopeHash = string;

/** An envelope for somebody in the network. */
export interface Delivery {
  readonly to: NativeAddress;
  /** The DM3 user who wrote it. */
  readonly from: NormalName;
  /** JSON in ASCII, as relay nodes serve it. */
  readonly envelope: string;
  readonly hash: EnvelopeHash;
  /** Its place in the receiver's mailbox; the client sends it back with its acceptance. */
  readonly number: number;
}

/** One whose messages to somebody in the network wait, while those of others go on. */
export interface WaitingSender {
  readonly from: NormalName;
  /** Until it is worth trying again. */
  readonly retryAfterSec: number;
}

/** Those of one mailbox, since it was last begun from its start. */
export type WaitingSenders = Map<NormalName, WaitingSender>;

/** "answer": strangers cause it, so it takes no room from what its user writes. Default: "message". */
export type SubmissionKind = "message" | "answer";

/** Something that a user of the network submits for a DM3 user. */
export interface Submission {
  /** As the network's server says, not the sender. */
  readonly from: NativeAddress;
  readonly to: NormalName;
  /** A proxy envelope (dm3/message), as it came. */
  readonly envelope: string;
  readonly hash: EnvelopeHash;
  /** How long it is tried, in milliseconds; default: as long as the gateway tries others. */
  readonly lifetimeMs?: number;
  /** A DM3 user caused it, and not the user whom it is from. Default: a message. */
  readonly kind?: SubmissionKind;
  /** Of a bridge: what it was in the network. It is noted when the submission is kept, in one step. */
  readonly passage?: NotedPassage;
}

/** Something of the network that becomes a submission, whose `from` and `to` it has. */
export interface NotedPassage {
  /** By which the network's transport knows it again, 64 hexadecimal digits. */
  readonly digest: string;
  /** When it came first, Unix milliseconds. */
  readonly firstMs: number;
  /** Names it to the network when it does not arrive. */
  readonly head: string;
}

/** What was noted of a passage before. */
export interface PassageBefore {
  readonly firstMs: number;
  readonly isKept: boolean;
}

/** What is told to a user of the network about something that this user submitted. */
export interface SubmissionEnd {
  readonly to: NativeAddress;
  /** To whom it was submitted. */
  readonly receiver: NormalName;
  readonly hash: EnvelopeHash;
  /** Why it will not arrive: one of `Reason` of the sending room. */
  readonly reason: string;
  readonly sentence: string;
}

/** What a client may know about the gateway before it links. */
interface NetworkGreeting {
  /** ENS name of the gateway's relay node: for the profile's `deliveryServices`. */
  readonly relayNode: string;
  /** The name that this user gets below the network's domain; null where the gateway gives none. */
  readonly name: string | null;
  /** Of an envelope, in bytes. */
  readonly sizeLimit: number;
}

/** Of a bridge: what it has to know of a message that its network took. */
export interface SentNote {
  /** By which reports name it. */
  readonly token: string;
  /** Who wrote it. */
  readonly from: NormalName;
  /** Of the DM3 message, as its sender's app knows it. */
  readonly messageHash: string;
}

/** What happens in the network; each may throw a SignpostError, which the adapter shows in the network's own way. */
export interface NetworkEvents {
  /** The network can be reached (again): nothing is known of what was on its way. */
  readonly connected: () => void;
  readonly disconnected: () => void;
  readonly greeting: (of: NativeAddress) => Promise<NetworkGreeting>;
  /** A user's client linked its account to a DM3 profile, by a JSON value; returns the name that leads there now. */
  readonly linked: (of: NativeAddress, link: unknown) => Promise<{ readonly name: NormalName }>;
  /** The user ends the link, or the account is gone. */
  readonly unlinked: (of: NativeAddress) => Promise<void>;
  /** Some of what waits for this user, the oldest first; none when nothing does. */
  readonly waiting: (of: NativeAddress) => Promise<readonly Delivery[]>;
  /** The user is gone for good: the link ends as by `unlinked`, and the relay node forgets the account. */
  readonly left: (of: NativeAddress) => Promise<void>;
  /** Null when it is kept; otherwise what is known of its passage, and nothing was kept. */
  readonly submitted: (submission: Submission) => Promise<PassageBefore | null>;
  /** The network answers for it from here on: it arrives, or the network says why not. `sent` is noted in the same step. */
  readonly taken: (
    to: NativeAddress,
    what: { readonly hash: EnvelopeHash; readonly number: number; readonly sent?: SentNote },
  ) => Promise<void>;
  /** The user's own client has it. */
  readonly delivered: (
    to: NativeAddress,
    what: { readonly hash: EnvelopeHash; readonly number: number },
  ) => Promise<void>;
  /** The network will never take it. */
  readonly refused: (
    to: NativeAddress,
    what: { readonly hash: EnvelopeHash; readonly number: number; readonly sentence: string },
  ) => Promise<void>;
  /** The user's client knows the end of what it submitted. */
  readonly endNoted: (by: NativeAddress, hash: EnvelopeHash) => Promise<void>;
  /** Whether a DM3 user exists. Throws UNREACHABLE. */
  readonly exists: (name: NormalName) => Promise<boolean>;
  /** Whether all that waited when the process started was handed over once, or tried: what was sent before is known then. */
  readonly hasCaughtUp: () => boolean;
}

export interface Network {
  readonly kind: NetworkKind;
  /** Connects and stays connected, until `stop`. Resolves at once; `events` say how it goes. */
  readonly start: (events: NetworkEvents) => void;
  readonly isConnected: () => boolean;
  /**
   * Resolves when the network's server has taken all of them, in their order, as far as that can be known; but for those of
   * senders whose messages wait, which it names. Throws UNREACHABLE when nothing is known of some of the others: they are injected
   * again then.
   * @param waiting senders whose earlier messages wait: what is behind those waits as well. The network adds to it, as a mailbox
   * is injected page by page, and the next page may be handed over before this one is done.
   */
  readonly inject: (
    deliveries: readonly Delivery[],
    waiting?: WaitingSenders,
  ) => Promise<readonly WaitingSender[]>;
  /** Tells how a submission ended. Nothing is known of its arrival before `endNoted`. */
  readonly tell: (end: SubmissionEnd) => Promise<void>;
  /**
   * `endNoted` comes with `tell`, where that succeeds: so an end that is not noted is told again by the clock. Otherwise a user's
   * client is told again when it starts.
   */
  readonly keepsWhatItIsTold?: boolean;
  readonly stop: () => Promise<void>;
}

/** Of networks in which users watch one another: who watches which DM3 user. Kept, because nobody else tells it again. */
export interface ContactStore {
  readonly contacts: (after: Contact | null, limit: number) => Promise<readonly Contact[]>;
  readonly contactsOf: (native: NativeAddress) => Promise<readonly NormalName[]>;
  /** False where the user has as many as one may have. */
  readonly addContact: (contact: Contact) => Promise<boolean>;
  readonly removeContact: (contact: Contact) => Promise<void>;
  readonly removeContactsOf: (native: NativeAddress) => Promise<void>;
}

export interface Contact {
  readonly native: NativeAddress;
  readonly name: NormalName;
}
