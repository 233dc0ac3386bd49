/** What an app sees of a message on its way out. */
import type { OutgoingMessage } from "../sending/outgoingMessage.js";

export type OutgoingReport = Pick<
  OutgoingMessage,
  | "id"
  | "from"
  | "to"
  | "createdMs"
  | "messageHash"
  | "state"
  | "acceptedBy"
  | "mark"
  | "why"
  | "dueMs"
>;

export function reportOf({
  id,
  from,
  to,
  createdMs,
  messageHash,
  state,
  acceptedBy,
  mark,
  why,
  dueMs,
}: OutgoingMessage): OutgoingReport {
  return { id, from, to, createdMs, messageHash, state, acceptedBy, mark, why, dueMs };
}

/** Whether it went as far as it goes by itself now: it has a state, or waits for its receiver to have a profile. */
export function isSettled({ state, mark }: Pick<OutgoingReport, "state" | "mark">): boolean {
  return state !== null || mark !== null;
}
