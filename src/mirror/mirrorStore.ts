/**
 * What a mirror asks of its own database. Whoever follows has the lease, as a token; each write is refused where another one
 * has it now: false, or null, means that. `src/db/mirror` answers with Postgres.
 */
import type { Digest } from "../abi/digest.js";
import type { Hex } from "../abi/hex.js";
import type { Node } from "../ens/namehash.js";
import type { NewApiKey } from "../registry/domains/apiKey.js";
import type { Domain, ServedResolver } from "../registry/domains/domain.js";
import type { Reservation } from "../registry/domains/reservation.js";
import type { KnownName } from "../registry/history/lockedName.js";
import type { Arrived } from "../transfer/arrive/decideArrival.js";
import type { NameArrival } from "../transfer/verify/nameArrival.js";
import type { Mirror, MirrorFacts, MirrorProblem, MirrorProgress, PrimaryPlace } from "./mirror.js";

export interface MirrorLease {
  readonly domain: string;
  /** A UUID. */
  readonly token: string;
}

/** What one step writes, all or nothing. */
export interface TakenIn {
  readonly arrivals: readonly NameArrival[];
  /** Under the lock of the name, and without the reservations of here. */
  readonly decide: (known: KnownName, arrival: NameArrival) => Arrived;
  /** Of names that did not even come so far. */
  readonly problems: readonly MirrorProblem[];
  /** Of these names nothing is wrong any more, whatever was. */
  readonly settled: readonly Hex[];
  /** Null: it stays. */
  readonly progress: MirrorProgress | null;
}

/** A domain that is made as a mirror. */
export interface NewDomain {
  /** At least one. */
  readonly resolvers: readonly [ServedResolver, ...ServedResolver[]];
  readonly key: NewApiKey;
  readonly owner: Domain["owner"];
  readonly policy: Domain["policy"];
}

export interface NewMirror {
  readonly domain: string;
  readonly primary: PrimaryPlace;
  /** The URL that writers are sent to; null: the one that they are sent to now, if any. */
  readonly to: string | null;
  /** Null: the domain is there. */
  readonly made: NewDomain | null;
}

export interface MirrorStore {
  mirrors(): Promise<readonly Mirror[]>;
  mirrorOf(domain: string): Promise<Mirror | null>;
  /** Whether the domain is there, and not frozen: a mirror that was promoted, or never one. */
  isChangedHere(domain: string): Promise<boolean>;
  /**
   * Makes the domain where that is wanted, and freezes it, in the same moment. Throws NOT_FOUND without the domain, NAME_TAKEN where it
   * is a mirror, or is to be made and is there, MIRROR_NOT_READY where it has names and is changed here, INVALID_REQUEST where it is
   * to be made, and names are there.
   */
  add(mirror: NewMirror): Promise<void>;
  /** The domain stays frozen. False where it is none. */
  remove(domain: string): Promise<boolean>;
  /** Before the primary is asked to send writers to this URL; null: it refused. */
  notePromotion(lease: MirrorLease, to: string | null): Promise<boolean>;
  /** Ends the mirror, and lets the domain be changed here: in one moment. */
  promote(lease: MirrorLease): Promise<boolean>;

  /** The lease for so long, if nobody else has it; `isOurs` takes it from whoever has it. Null where another one keeps it. */
  take(lease: MirrorLease, leaseMs: number, isOurs: boolean): Promise<Mirror | null>;
  /** From now on for so long. */
  renew(lease: MirrorLease, leaseMs: number): Promise<boolean>;
  letGo(lease: MirrorLease): Promise<void>;

  /** Where the histories here are that long: hashes of those entries, by node. */
  hashesAt(
    entries: readonly { readonly node: Node; readonly number: number }[],
  ): Promise<ReadonlyMap<Hex, Digest>>;
  /** What came of each arrival. */
  takeIn(lease: MirrorLease, taken: TakenIn): Promise<readonly Arrived[] | null>;
  /** Everything is here that the primary had so many milliseconds ago. */
  noteCaughtUp(lease: MirrorLease, agoMs: number): Promise<boolean>;
  noteFailure(lease: MirrorLease, failure: string): Promise<boolean>;

  /** Nodes of the problems that were not tried for so long, the oldest first. */
  problemsDue(domain: string, afterMs: number, limit: number): Promise<readonly Hex[]>;
  problemsOf(domain: string, limit: number): Promise<readonly MirrorProblem[]>;

  /** The domain's reservations behind `after` up to `upTo` (null: to the last) become these. */
  replaceReservations(
    lease: MirrorLease,
    range: { readonly after: string; readonly upTo: string | null },
    reservations: readonly Reservation[],
  ): Promise<boolean>;
  /** The domain's owner and policy become these in the same moment. */
  noteFacts(
    lease: MirrorLease,
    facts: MirrorFacts,
    domain: Pick<Domain, "owner" | "policy">,
  ): Promise<boolean>;
}
