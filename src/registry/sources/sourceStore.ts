/** What is kept of services' own data: which there are, what was served from them, what is wrong with them. Each may throw DATABASE_UNAVAILABLE. */
import type { Node } from "../../ens/namehash.js";
import type { DomainSource } from "../domains/domain.js";
import type { ServedProfile } from "../names/standing.js";
import type { ProblemKind, SourceProblem } from "./sourceProblem.js";
import type { SourceSettings } from "./sourceSettings.js";

export interface StoredSource extends DomainSource {
  readonly settings: SourceSettings;
  /** How long a row may be answered with without asking again, in milliseconds; 1000 at least. */
  readonly freshMs: number;
  /** The last scan that was a look at all of the source; 0 before the first. */
  readonly round: number;
  /** Unix time in milliseconds. */
  readonly scannedAtMs: number | null;
}

export interface NotedProblem extends SourceProblem {
  readonly name: string;
  /** Unix time in milliseconds. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/**
 * "kept": it may be served from now on, and the one before never again. "retired": it was replaced or deleted before.
 * "changed": another profile was kept meanwhile, or the name got a row of our own; ask again.
 */
export type Kept = "kept" | "retired" | "changed";

/** What lookups ask. */
export interface ServedProfiles {
  /** @param before the one that was the last when the row was not yet read */
  keep(node: Node, served: ServedProfile, before: ServedProfile | null): Promise<Kept>;
}

/** Where a list of problems goes on. */
export type ProblemPlace = Pick<NotedProblem, "name" | "kind">;

export interface SourceProblems {
  /** Bounded: what is beyond `MOST_PROBLEMS` of a source is dropped. */
  note(source: string, name: string, problem: SourceProblem): Promise<void>;
  /** The problems of a source, in the order of their names' bytes, and of their kinds, behind `after` (null: from the first). */
  list(source: string, after: ProblemPlace | null, limit: number): Promise<readonly NotedProblem[]>;
  /** How many there are of each kind. */
  counts(source: string): Promise<ReadonlyMap<ProblemKind, number>>;
  /** Drops those that were not met again since, Unix time in milliseconds. */
  forget(source: string, beforeMs: number): Promise<void>;
}

export const MOST_PROBLEMS = 10_000;

export interface NewSource {
  /** From `newId`, where something had to be kept for it before; by default one that nobody has. */
  readonly id?: string;
  readonly domain: string;
  readonly settings: SourceSettings;
  readonly freshMs: number;
}

export interface SourceStore {
  sources(): Promise<readonly StoredSource[]>;
  /** Null where there is none. */
  sourceOf(domain: string): Promise<StoredSource | null>;
  /** By its id; null where there is none any more. */
  source(id: string): Promise<StoredSource | null>;
  /** An id that no other source will have. */
  newId(): Promise<string>;
  /** Throws NOT_FOUND without the domain, NAME_TAKEN when it has a source. */
  add(source: NewSource): Promise<StoredSource>;
  /** Takes it away with its problems and what scans have seen; what was served from it stays. False when there was none. */
  remove(id: string): Promise<boolean>;
  readonly problems: SourceProblems;
}

/** What a domain is told of its own source. */
export interface SourceReader extends Pick<SourceStore, "sourceOf"> {
  readonly problems: Pick<SourceProblems, "list" | "counts">;
}

/** A name of a page of labels, with how many of them are this name. */
export interface ScannedName {
  readonly name: string;
  readonly node: Node;
  readonly labels: number;
  /** `sharedDm3Form`. */
  readonly sharedForm: string | null;
}

/** What scans have seen. */
export interface ScanStore {
  /**
   * Begins a scan, unless one is under way, or one began within this time, in milliseconds; null then. Returns its number, which is
   * higher than that of every other one.
   */
  begin(source: string, notWithinMs: number): Promise<number | null>;
  /** Lets another one begin, where this one did not come to its end. */
  giveUp(source: string, scan: number): Promise<void>;
  /** Notes names that the scan of this number has seen. */
  note(source: string, scan: number, names: readonly ScannedName[]): Promise<void>;
  /**
   * Ends the scan. One that was a look at all of the source is its `round` from now on: only its twins count then. Returns those,
   * `limit` at most.
   */
  end(source: string, scan: number, isLook: boolean, limit: number): Promise<readonly string[]>;
  /** How many names are listed, and how many of them were not seen by the scan `since`, nor later. */
  counts(
    source: string,
    since: number,
  ): Promise<{ readonly listed: number; readonly gone: number }>;
  /** Takes those off the list. */
  drop(source: string, since: number): Promise<void>;
}
