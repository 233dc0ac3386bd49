/** A domain of another installation that is followed here: it is frozen, and takes in what its primary has. */
import type { Hex } from "../abi/hex.js";

/** Where the domain is written. */
export interface PrimaryPlace {
  /** The URL of its service. */
  readonly url: string;
  /** The private network that it lies in; null: it has a public address. */
  readonly network: string | null;
}

/** How far the primary was read. */
export interface MirrorProgress {
  /** Of its feed; null: from the beginning. */
  readonly cursor: string | null;
  /** The names that are gone are listed apart, by their nodes: behind which one; null: from the first. */
  readonly goneAfter: Hex | null;
  readonly isGoneRead: boolean;
}

export const FROM_THE_BEGINNING: MirrorProgress = {
  cursor: null,
  goneAfter: null,
  isGoneRead: false,
};

export interface Mirror {
  readonly domain: string;
  readonly primary: PrimaryPlace;
  readonly progress: MirrorProgress;
  /** Times are Unix times in milliseconds, of the database's clock. */
  readonly addedAtMs: number;
  /** A UUID of this mirror alone, by which its primary knows who froze it. */
  readonly promoter: string;
  /** A promotion asked the primary to send writers to this URL, and has not ended: the primary may be frozen. Null: none has. */
  readonly promotingTo: string | null;
  /** The process that asked has the lease: the promotion is under way. */
  readonly isPromoting: boolean;
  /** When everything had come for the first time; null: not yet. */
  readonly copiedAtMs: number | null;
  /** What the primary had then is here, but for names that it could not take; null before it was read to its end. */
  readonly caughtUpAtMs: number | null;
  /** When the primary answered last. */
  readonly heardAtMs: number | null;
  readonly facts: MirrorFacts;
  /** In a row, since it answered last. */
  readonly failures: number;
  readonly failure: string | null;
  /** Names that are not here as the primary has them. */
  readonly problems: number;
}

/** What the primary said last of the domain beside its names. */
export interface MirrorFacts {
  /** Another text means other reservations; null: never asked. */
  readonly reservations: string | null;
  /** What of them is not taken over, for people. */
  readonly notes: readonly string[];
}

/** A name that is not here as the primary has it. */
export interface MirrorProblem {
  readonly node: Hex;
  /** Null where the primary did not say it. */
  readonly name: string | null;
  /** "kept": what is here is newer. */
  readonly outcome: "refused" | "conflict" | "kept";
  readonly reason: string;
}
