/**
 * The changes of a domain, for those who follow it: mirrors, indexers, a service's own systems. First the names that are there,
 * in the order of their text; then each name that changed since, once, behind all that changed before it, and as it is now.
 */
import type { Hex } from "../../abi/hex.js";
import type { Node } from "../../ens/namehash.js";
import type { VersionedName } from "../names/storedName.js";

/** How far a follower has read. */
export interface FeedPlace {
  /** Of which feed: a domain's feed becomes another one when its database was restored. A UUID. */
  readonly feed: string;
  /** Of the last change that it had. */
  readonly number: bigint;
  /** While it still reads the names that are there: the last one that it had; null behind all of them. */
  readonly name: string | null;
}

export interface ChangedName {
  /** Behind this change. */
  readonly place: FeedPlace;
  readonly node: Node;
  /** Null: it was deleted, or is another domain's now. */
  readonly stored: VersionedName | null;
  /** The last entry of its history; null where it has none, and for a name that is gone. */
  readonly entry: { readonly number: number; readonly hash: Hex } | null;
}

interface FeedPiece {
  readonly changes: readonly ChangedName[];
  /** Behind the last of them. */
  readonly place: FeedPlace;
}

export interface ChangeFeed {
  /**
   * Numbers what is committed. What commits later is found behind every place that was read before. Returns the place, null: the
   * beginning, and whether what is read behind it then is all for now.
   * @throws CURSOR_OUTDATED for a place of another feed, or one that the feed has not reached; NOT_FOUND without the domain;
   * DATABASE_UNAVAILABLE where the feed begins, and changes of the domain are under way for too long
   */
  open(domain: string, after: FeedPlace | null): Promise<{ place: FeedPlace; isWhole: boolean }>;
  /** At most `limit` changes behind a place. */
  read(domain: string, after: FeedPlace, limit: number): Promise<FeedPiece>;
  /** Of the same only which names they are, for whoever fetches those by another way; and the place behind them. */
  nodes(
    domain: string,
    after: FeedPlace,
    limit: number,
  ): Promise<{ readonly nodes: readonly Node[]; readonly place: FeedPlace }>;
}
