/** What a mirror asks of its primary. Each throws as a client of the service API does: UNREACHABLE, and what was refused. */
import type { Hex } from "../abi/hex.js";
import type { Fence } from "../registry/domains/domain.js";

/** A name that is asked for, behind so many entries of its history. */
interface AskedName {
  readonly node: Hex;
  readonly after: number;
}

/** Its lines as an export has them. */
export interface ToldName {
  readonly node: Hex;
  /** The name's line, then those of its entries; none where the primary has no such name in the domain. */
  readonly lines: readonly string[];
  /** Whether these are all of its entries behind the ones that were asked for. */
  readonly isWhole: boolean;
}

interface ChangedNodes {
  readonly nodes: readonly Hex[];
  readonly next: string;
  /** Whether that is all for now. */
  readonly isEnd: boolean;
}

export interface Primary {
  /** Waits so long for a change. Throws CURSOR_OUTDATED as well: then the feed begins anew. */
  changes(after: string | null, waitSec: number): Promise<ChangedNodes>;
  /** The first of those that are asked for, at least one of them; the others have to be asked for again. */
  names(asked: readonly AskedName[]): Promise<readonly ToldName[]>;
  /** Names that are gone and have a history, by their nodes. */
  gone(after: Hex | null): Promise<{ readonly nodes: readonly Hex[]; readonly next: Hex | null }>;
  /** The lines of the domain, without its reservations; another `reservations` means that those are others. */
  domain(): Promise<{ readonly lines: readonly string[]; readonly reservations: string }>;
  /** Lines of reservations, by the bytes of their names, behind a name. */
  reservations(
    after: string,
  ): Promise<{ readonly lines: readonly string[]; readonly next: string | null }>;
  /**
   * From then on the primary changes nothing, and sends writers to `to`. Throws DOMAIN_FROZEN where it was frozen for another
   * mirror, whatever that one's URL is.
   */
  freeze(fence: Fence): Promise<void>;
  /** Whether it is frozen for this mirror still, by the mirror's UUID. Earlier versions refuse the question. */
  isFrozenFor(by: string): Promise<boolean>;
  close(): Promise<void>;
}
