/**
 * What has to be known of messages after they went through a bridge: whom a report is about, and what was received before. No
 * message is in it. Every method throws DATABASE_UNAVAILABLE.
 */
import type { NormalName } from "../../ens/normalize.js";
import type { NativeAddress } from "../address/nativeAddress.js";
import type { EnvelopeHash } from "../network.js";

/** From DM3 into the network. */
export interface SentPassage {
  readonly to: NativeAddress;
  /** Who wrote it. */
  readonly from: NormalName;
  readonly hash: EnvelopeHash;
  readonly number: number;
  /** Of the DM3 message, as its sender's app knows it. */
  readonly messageHash: string;
}

/** From the network into DM3. */
export interface ReceivedPassage {
  readonly from: NativeAddress;
  readonly to: NormalName;
  /** By which the network's transport knows it again, 64 hexadecimal digits. */
  readonly digest: string;
}

export interface PassageStore {
  /** Reports name it by this token from here on. What the network took is noted with the end of its message (`NetworkEvents.taken`). */
  readonly noteSent: (token: string, passage: SentPassage) => Promise<void>;
  /** Null for a token that is not ours, or was forgotten. */
  readonly sentWith: (token: string) => Promise<SentPassage | null>;
  /** The message is over: its token becomes nobody's. */
  readonly endSent: (token: string) => Promise<void>;
  /** Whether the address has keys here. */
  readonly isKnown: (native: NativeAddress) => Promise<boolean>;
  /** Whether a message from there was ever kept. */
  readonly hasWritten: (native: NativeAddress) => Promise<boolean>;
  /** Whether it was kept before. Messages are noted as kept together with their submission. */
  readonly isKept: (passage: ReceivedPassage) => Promise<boolean>;
  /** Whether its sender was told that it will never be kept. */
  readonly isTold: (passage: ReceivedPassage) => Promise<boolean>;
  readonly noteTold: (passage: ReceivedPassage, nowMs: number) => Promise<void>;
  /** The head of what is in this envelope; null where that was forgotten. */
  readonly headOf: (hash: EnvelopeHash) => Promise<string | null>;
  /** Forgets everything that passed to or from this address, and what was learnt with it. */
  readonly forgetAllOf: (native: NativeAddress) => Promise<void>;
  /** Forgets passages from before this time, Unix milliseconds. */
  readonly forget: (beforeMs: number) => Promise<void>;
}
