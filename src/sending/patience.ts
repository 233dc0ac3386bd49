/**
 * How long a sender goes on. Two clocks: a relay node that does not answer is tried again soon and for days; one that says
 * "not now" (a full mailbox, a limit) is left alone for longer, and believed after a day.
 */
import type { NodeState, WhyNot } from "./outgoingMessage.js";

export interface Patience {
  /** After so long without an answer a message is expired. Milliseconds, as all here. */
  readonly deadlineMs: number;
  /** After so long of "not now" it is a refusal. */
  readonly refusalMs: number;
  /** The first pause after no answer; each further one is twice as long. */
  readonly unreachableFirstMs: number;
  readonly unreachableMostMs: number;
  /** The same after "not now". */
  readonly laterFirstMs: number;
  readonly laterMostMs: number;
  /** Between looks whether somebody without a profile has one now. */
  readonly heldMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const PATIENCE: Patience = {
  deadlineMs: 5 * 24 * HOUR,
  refusalMs: 24 * HOUR,
  unreachableFirstMs: 2_000,
  unreachableMostMs: 15 * MINUTE,
  laterFirstMs: MINUTE,
  laterMostMs: HOUR,
  heldMs: 10 * MINUTE,
};

/**
 * A pause that doubles, and of which chance takes up to a quarter, so that senders do not come back all at once.
 * @param times failures in a row, from 1
 * @param chance from 0 to below 1
 */
export function pauseMs(
  times: number,
  { firstMs, mostMs }: { readonly firstMs: number; readonly mostMs: number },
  chance: number,
): number {
  const longest = Math.min(mostMs, firstMs * 2 ** Math.min(times - 1, 40));
  return Math.ceil(longest * (1 - chance / 4));
}

/** What a relay node, or whoever stands in its place, said that is no acceptance. */
export interface NoAnswer extends WhyNot {
  readonly status: NodeState["status"];
  /** How long it asks to be left alone; it is, but for no longer than the longest pause. */
  readonly retryAfterMs?: number | undefined;
}

interface Clocks {
  readonly nowMs: () => number;
  readonly chance: () => number;
  readonly patience: Patience;
}

/** The state of a relay node after that: refused for good, or failed once more, on the clock of its kind. */
export function stateAfter(
  before: NodeState | undefined,
  { status, reason, sentence, retryAfterMs = 0 }: NoAnswer,
  clocks: Clocks,
): NodeState {
  const why = { reason, sentence };
  if (status === "refused") return { status, ...why };
  const { patience } = clocks;
  const nowMs = clocks.nowMs();
  const same = before?.status === status ? before : null;
  const times = (same?.times ?? 0) + 1;
  const sinceMs = same?.sinceMs ?? nowMs;
  if (status === "later" && nowMs - sinceMs >= patience.refusalMs) {
    return { status: "refused", ...why };
  }
  const bounds =
    status === "later"
      ? { firstMs: patience.laterFirstMs, mostMs: patience.laterMostMs }
      : { firstMs: patience.unreachableFirstMs, mostMs: patience.unreachableMostMs };
  const asked = Math.min(retryAfterMs, bounds.mostMs);
  const nextMs = nowMs + Math.max(pauseMs(times, bounds, clocks.chance()), asked);
  return { status, ...why, times, sinceMs, nextMs };
}
