/** The states of a message for one receiver. They only go up: a late answer of one kind never undoes a better one. */
export const MESSAGE_STATES = ["accepted", "injected", "refused", "expired", "delivered"] as const;

export type MessageState = (typeof MESSAGE_STATES)[number];

const RANK: Readonly<Record<MessageState, number>> = {
  accepted: 1,
  injected: 2,
  refused: 3,
  expired: 3,
  delivered: 4,
};

/** The states from which `to` may be reached. */
export function statesBelow(to: MessageState): readonly MessageState[] {
  return MESSAGE_STATES.filter((from) => RANK[from] < RANK[to]);
}
