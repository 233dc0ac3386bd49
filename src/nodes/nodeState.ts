/** What is told of a registered relay node, from check to check. */

export const NODE_STATES = ["works", "unreachable", "wrong", "unproven"] as const;

/**
 *   works        answers as a relay node, and its own key says that it is behind the name
 *   unreachable  does not answer, or says that it is broken; TLS that is wrong as well
 *   wrong        answers, but is something else: no relay node, or another one
 *   unproven     its key does not say, or not any more, that it is behind the name for the name's owner; or it is not asked, because
 *                too many others are at its host
 */
export type NodeState = (typeof NODE_STATES)[number];

/** Of one check. */
export interface Finding {
  readonly state: NodeState;
  /** Completes a sentence that begins with the node; null where it works. */
  readonly reason: string | null;
}

export interface NodeStanding extends Finding {
  /** Since when it is in this state, in Unix time. */
  readonly sinceMs: number;
  /** Good checks in a row, up to those that it takes to work again. */
  readonly goodChecks: number;
}

/** One good check between bad ones is a node that flaps. */
const GOOD_CHECKS = 2;

/** @param before null for a node that was not checked yet: its first check counts by itself */
export function standingAfter(
  before: NodeStanding | null,
  { state, reason }: Finding,
  atMs: number,
): NodeStanding {
  if (state !== "works") {
    const sinceMs = before?.state === state ? before.sinceMs : atMs;
    return { state, reason, sinceMs, goodChecks: 0 };
  }
  if (before === null) return { state, reason, sinceMs: atMs, goodChecks: GOOD_CHECKS };
  if (before.state === "works") return { ...before, reason, goodChecks: GOOD_CHECKS };
  const goodChecks = before.goodChecks + 1;
  if (goodChecks < GOOD_CHECKS) return { ...before, goodChecks };
  return { state, reason, sinceMs: atMs, goodChecks };
}
