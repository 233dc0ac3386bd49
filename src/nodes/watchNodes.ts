/**
 * One round of watching: every node whose turn it is, several at a time. A node that hangs takes one of the places, and no longer
 * than its time; so it holds up nobody. Of several processes each takes other nodes.
 */
import { isSignpostError } from "../errors.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import { type Canary, checkNode, type NodeCheck } from "./checkNode.js";
import { standingAfter } from "./nodeState.js";
import type { CheckedNode, DueNode, NodeWatchStore } from "./nodeStore.js";

export interface NodeWatchParts {
  readonly store: NodeWatchStore;
  readonly fetcher: RelayNodeAccess["fetcher"];
  /** Null where none is sent. */
  readonly canary: Canary | null;
  /** Between two checks of a node, in milliseconds. */
  readonly intervalMs: number;
  readonly nowMs: () => number;
  /** Some moments, for a node that worked and does not answer now: it is asked once more. */
  readonly rest: () => Promise<void>;
  /** Whether the round is to end early. */
  readonly isOver: () => boolean;
  /** Gets a defect that the check of one node met. The others are checked all the same, and this one an interval later. */
  readonly reportDefect: (error: unknown) => void;
}

const PARALLEL = 32;
const TAKEN_AT_ONCE = 64;
/** The rest waits for the next round; who waits longest is first. */
const MOST_A_ROUND = 2_000;
const TIMEOUT_MS = 8_000;
/** Of nodes that did not work the last time, or are new. */
const SHORT_TIMEOUT_MS = 4_000;

/** How many were checked. Throws DATABASE_UNAVAILABLE. */
export async function watchRound(parts: NodeWatchParts): Promise<number> {
  const { intervalMs, nowMs, isOver, reportDefect } = parts;
  const store = oneAfterTheOther(parts.store);
  const due: DueNode[] = [];
  let taken = 0;
  let taking: Promise<void> | null = null;

  async function takeMore(): Promise<void> {
    const limit = Math.min(TAKEN_AT_ONCE, MOST_A_ROUND - taken);
    if (limit === 0) return;
    const atMs = nowMs();
    const more = await store.take(atMs - intervalMs, atMs, limit);
    taken += more.length;
    due.push(...more);
  }

  async function next(): Promise<DueNode | null> {
    if (due.length === 0) {
      taking ??= takeMore().finally(() => (taking = null));
      await taking;
    }
    return isOver() ? null : (due.shift() ?? null);
  }

  async function work(): Promise<void> {
    for (let node = await next(); node !== null; node = await next()) {
      try {
        const checked = await checkInTime(node, { ...parts, store });
        if (isOver()) return;
        await store.note(notedOf(node, checked, nowMs()));
      } catch (error) {
        if (isSignpostError(error, "DATABASE_UNAVAILABLE")) throw error;
        reportDefect(error);
      }
    }
  }

  await Promise.all(Array.from({ length: PARALLEL }, work));
  return taken;
}

type Questions = Pick<NodeWatchStore, "take" | "takePlace" | "note">;

/** One question at a time, so that watching takes one connection. */
function oneAfterTheOther(store: NodeWatchStore): Questions {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const answer = last.then(ask);
    last = answer.catch(() => undefined);
    return answer;
  };
  return {
    take: (...asked) => inTurn(() => store.take(...asked)),
    takePlace: (...asked) => inTurn(() => store.takePlace(...asked)),
    note: (...asked) => inTurn(() => store.note(...asked)),
  };
}

async function checkInTime(
  node: DueNode,
  {
    fetcher,
    canary,
    rest,
    isOver,
    store,
  }: Omit<NodeWatchParts, "store"> & { readonly store: Questions },
): Promise<NodeCheck> {
  const hasWorked = node.standing?.state === "works";
  const access = {
    ...{ fetcher, canary, timeoutMs: hasWorked ? TIMEOUT_MS : SHORT_TIMEOUT_MS },
    mayAsk: (host: string) => store.takePlace(node.node, host),
  };
  const first = await checkNode(node, access);
  if (!hasWorked || first.finding.state !== "unreachable") return first;
  await rest();
  return isOver() ? first : checkNode(node, access);
}

function notedOf(
  { node, owner, standing: before }: DueNode,
  { finding, url, listed, isAsked }: NodeCheck,
  atMs: number,
): CheckedNode {
  const standing = standingAfter(before, finding, atMs);
  return {
    ...{ node, owner, url, listed, isAsked, atMs, standing },
    isChange: before?.state !== standing.state,
    isGood: finding.state === "works",
  };
}
