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
  /** The last scan that came to its end; 0 before the first. */
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

export interface SourceProblems {
  /** Bounded: what is beyond `MOST_PROBLEMS` of a source is dropped. */
  note(source: string, name: string, problem: SourceProblem): Promise<void>;
  /** The problems of a source, by name. */
  list(source: string, limit: number): Promise<readonly NotedProblem[]>;
  /** How many there are of each kind. */
  counts(source: string): Promise<ReadonlyMap<ProblemKind, number>>;
}

export const MOST_PROBLEMS = 10_000;

export interface NewSource {
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
  /** Throws NOT_FOUND without the domain, NAME_TAKEN when it has a source. */
  add(source: NewSource): Promise<StoredSource>;
  /** Takes it away with its problems and what scans have seen; what was served from it stays. False when there was none. */
  remove(id: string): Promise<boolean>;
  readonly problems: SourceProblems;
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
  /** Notes names that the scan of this number has seen. */
  note(source: string, round: number, names: readonly ScannedName[]): Promise<void>;
  /** Ends the scan; from now on its twins are those that count. Returns them, `limit` at most. */
  end(source: string, round: number, limit: number): Promise<readonly string[]>;
  /** How many names are listed, and how many of them the last two scans did not see. */
  counts(
    source: string,
    round: number,
  ): Promise<{ readonly listed: number; readonly gone: number }>;
  /** Takes those off the list. */
  drop(source: string, round: number): Promise<void>;
}
