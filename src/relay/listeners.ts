/** Those who listen to one account, and where each of them is. */
import type { Session } from "../accounts/session.js";

export interface Listener {
  readonly session: Session;
  /** Where it is connected from; null where that may be anybody. */
  readonly network: string | null;
  /** False while it has not taken what it was given; asked before each push. */
  readonly isReady: () => boolean;
  readonly push: (envelope: unknown) => void;
  /** Its token does not count any more. */
  readonly end: () => void;
}

export interface ListenerGroup {
  /** Up to which number each listener had everything. */
  readonly positions: Map<Listener, number>;
  /** Whose network the owner signed in from. */
  readonly proven: WeakSet<Listener>;
  /** While the store is read for them, whoever wants that again says so. */
  reading: boolean;
  again: boolean;
}

const MOST_LISTENERS = 32;

export function newGroup(): ListenerGroup {
  return { positions: new Map(), proven: new WeakSet(), reading: false, again: false };
}

export function proofOf(listener: Listener, { proven }: ListenerGroup): Session["proof"] {
  return proven.has(listener) ? "challenge" : listener.session.proof;
}

/** Who has to go where there is one too many: the first whose token only a sign-up gave, or else the first of all. */
export function oneTooMany(group: ListenerGroup): Listener | null {
  const all = [...group.positions.keys()];
  if (all.length <= MOST_LISTENERS) return null;
  return all.find((listener) => proofOf(listener, group) === "sign-up") ?? all[0] ?? null;
}

/** Once for each time that somebody asked. */
export function isAskedAgain(group: ListenerGroup): boolean {
  const { again } = group;
  group.again = false;
  return again;
}
