/** How the relay node's tables go by the order of states. */
import { MESSAGE_STATES, type MessageState, raisedState } from "../dm3/message/messageState.js";

/** The states from which `to` may be reached. */
export function statesBelow(to: MessageState): readonly MessageState[] {
  return MESSAGE_STATES.filter((from) => raisedState(from, to) !== from);
}
