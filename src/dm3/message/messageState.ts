/**
 * States of a message, for each (message, receiver). They only go up: what comes late, by another way, never undoes a
 * better one. Before the first of them nobody but the sender has it.
 */
export const MESSAGE_STATES = [
  /** A relay node keeps it. */
  "accepted",
  /** The receiver's network took it. */
  "injected",
  /** Whoever could have taken it said no. */
  "refused",
  /** Nobody took it in time. */
  "expired",
  /** The receiver's client said that it arrived. */
  "delivered",
] as const;

export type MessageState = (typeof MESSAGE_STATES)[number];

/** Of two with one rank, the first that was reached stays. */
const RANK: Readonly<Record<MessageState, number>> = {
  accepted: 1,
  injected: 2,
  refused: 3,
  expired: 3,
  delivered: 4,
};

/** The state after `to` was told of a message in state `from`; null is before all states. */
export function raisedState(from: MessageState | null, to: MessageState): MessageState {
  return from !== null && RANK[from] >= RANK[to] ? from : to;
}
