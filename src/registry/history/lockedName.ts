/** A name under its lock: what is asked of it, what is known of it, and what is written of it. */
import type { Digest } from "../../abi/digest.js";
import type { Address } from "../../ens/address.js";
import type { Node } from "../../ens/namehash.js";
import type { NormalName } from "../../ens/normalize.js";
import type { Domain } from "../domains/domain.js";
import type { Reservation } from "../domains/reservation.js";
import type { SignatureState } from "../names/signatureState.js";
import type { StoredName, VersionedName } from "../names/storedName.js";
import type { Twins } from "../names/twins.js";
import type { HistoryEnd } from "./historyChain.js";
import type { SealedEntry } from "./historyEntry.js";

/** A name that is to be changed, and what has to be known for that beside its row. */
export interface NameTarget {
  readonly node: Node;
  /** The name, and the domain in whose right it is to be changed, which may hold it no more. */
  readonly place?: { readonly name: NormalName; readonly domain: string };
  /** `sharedDm3Form`, of a name that has one. */
  readonly sharedForm?: string;
  /** The fingerprint of a profile that is offered. */
  readonly fingerprint?: Digest;
  /** The wallet that would get one more name under the domain. */
  readonly claimant?: { readonly wallet: Address; readonly domain: string };
}

/** What is known of a name under its lock. */
export interface KnownName {
  readonly stored: VersionedName | null;
  /** The domain that holds it now; null where none does, and of a target without a place. */
  readonly domain: Domain | null;
  /** Of whichever domain made it: whether it counts, tells `isInForce`. */
  readonly reservation: Reservation | null;
  readonly twins: Twins;
  readonly signatureState: SignatureState;
  /** Where the history ends; null before its first entry. */
  readonly end: HistoryEnd | null;
  /** Whether the offered profile was replaced or deleted before, under this name. */
  readonly isRetired: boolean;
  /** How many names the claimant has under the domain, without the one that is made of its address. */
  readonly claimantNames: number;
}

/** What is written of one name. */
export interface NameChange {
  /** The whole row, or null to take the name away. */
  readonly after: StoredName | null;
  /** Fingerprints of profiles that must not come back under this name. */
  readonly retired: readonly Digest[];
  readonly signatureState: SignatureState;
  /** To append, in this order, and where the history ends then; null: of a name that came without one. */
  readonly entries: readonly SealedEntry[];
  readonly end: HistoryEnd | null;
}

/** What is written of a name that another domain holds from now on; null: it says that domain already. */
export type HandOverName = (
  known: KnownName,
  place: { readonly node: Node; readonly name: NormalName; readonly domain: Domain },
) => NameChange | null;
