/** Ports: relay nodes as they are registered, and what watching them found. A node is known by its name, whatever keys it has. */
import type { Node } from "../ens/namehash.js";
import type { NodeStanding, NodeState } from "./nodeState.js";

/** As a name of ours says it. */
export interface RegisteredNode {
  readonly node: Node;
  readonly name: string;
  /** Its addr(60), as clients read it, with the checksum (EIP-55); null for a name that is its service's own. */
  readonly owner: string | null;
  /** The text `network.dm3.deliveryService`. */
  readonly record: string;
  /** The text `network.dm3.deliveryService.proof`; null without one. */
  readonly proof: string | null;
}

/** One whose turn it is, with what was known of it. */
export interface DueNode extends RegisteredNode {
  /** Null where it was not checked yet under this owner. */
  readonly standing: NodeStanding | null;
}

export interface CheckedNode {
  readonly node: Node;
  readonly owner: string | null;
  /** Null where its record cannot be read. */
  readonly url: string | null;
  /** Whether its operator wants it in public lists. */
  readonly listed: boolean;
  /** Whether its URL was asked. */
  readonly isAsked: boolean;
  readonly atMs: number;
  readonly standing: NodeStanding;
  /** Whether the standing begins with this check. */
  readonly isChange: boolean;
  /** Whether this check was good; a node that comes back has one or two before it works. */
  readonly isGood: boolean;
}

/** How many are in each state; `overdue` of them were not checked when they should have been. */
export type NodeCounts = Readonly<Record<NodeState | "overdue", number>>;

export interface NodeWatchStore {
  /**
   * Nodes that nobody took since `dueMs`, or that were written since; those that wait longest first, of each domain in turn.
   * They are taken by this: no other process gets them. Of one domain a bounded number is ever taken, the same ones.
   */
  take(dueMs: number, atMs: number, limit: number): Promise<readonly DueNode[]>;
  /**
   * Whether the node may be asked at this host: a bounded number of one domain may. Whoever has a place keeps it as long as it is
   * asked there. Processes that come at the same time may each give one too many.
   */
  takePlace(node: Node, host: string): Promise<boolean>;
  /** Keeps the standing, and in the history its change and the day's figures; of another owner than before, anew. */
  note(checked: CheckedNode): Promise<void>;
  /** Forgets what is not registered any more, and was checked last before then. */
  forgetGone(beforeMs: number): Promise<void>;
  /** @param overdueMs checked last before then is overdue */
  counts(overdueMs: number): Promise<NodeCounts>;
}

/** As it is shown to everybody. */
export interface ShownNode {
  readonly name: string;
  readonly url: string | null;
  readonly listed: boolean;
  /** Null until it was checked. */
  readonly state: NodeState | null;
  readonly reason: string | null;
  readonly sinceMs: number | null;
  readonly checkedMs: number | null;
  /** Good checks among all of the last 30 days, 0 to 1; null without any. */
  readonly uptime30Days: number | null;
}

export interface NodeHistory {
  /** Changes of its state, the newest first; bounded. */
  readonly changes: readonly {
    readonly atMs: number;
    readonly state: NodeState;
    readonly reason: string | null;
  }[];
  /** Days in UTC (`2026-01-31`), the newest first; bounded. */
  readonly days: readonly {
    readonly day: string;
    readonly checks: number;
    readonly good: number;
  }[];
}

export interface NodePage {
  readonly items: readonly ShownNode[];
  /** Goes into `after`; null at the end. */
  readonly next: string | null;
}

export interface NodeList {
  /** Those that are proven and whose operator wants them to be listed, in the order of their names' bytes. */
  listed(after: string, limit: number): Promise<NodePage>;
  /** All that are registered under a domain, as it holds them, in the order of their names' bytes. */
  ofDomain(domain: string, after: string, limit: number): Promise<NodePage>;
  /** Any registered one; null where the name is none's. */
  named(node: Node): Promise<(ShownNode & NodeHistory) | null>;
}
