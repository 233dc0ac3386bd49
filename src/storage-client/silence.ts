/**
 * Whether the storage gives no answer, or only some conversations have none, whose way is closed: one that is too long for it, or
 * that somebody on the way does not let pass. Such a conversation is left alone, and holds up no other one.
 */
import type { Pauses } from "./pauses.js";

/** In one round. */
export interface Silence {
  /** A conversation had an answer. */
  answered(): void;
  /**
   * A conversation had none.
   * @returns whether the round goes on
   */
  unanswered(id: string): boolean;
  /** At the end of the round: whether the storage is there. */
  isThere(): boolean;
}

/** So many conversations behind one another without an answer are the storage's silence, where no other one had an answer before. */
const MOST_IN_A_ROW = 2;

/** @param pauses of conversations */
export function silenceIn(pauses: Pick<Pauses, "failed" | "hasFailed">): Silence {
  let hasAnswered = false;
  /** Those without an answer since another one had one. */
  const silent: string[] = [];

  function itIsTheirs(): void {
    for (const id of silent.splice(0)) pauses.failed(id);
  }

  return {
    answered() {
      hasAnswered = true;
      itIsTheirs();
    },
    unanswered(id) {
      // it says nothing about the storage: others had an answer when it had none
      if (pauses.hasFailed(id)) {
        pauses.failed(id);
        return true;
      }
      silent.push(id);
      if (silent.length < MOST_IN_A_ROW) return true;
      if (!hasAnswered) return false;
      itIsTheirs();
      // it may have gone away just now, and is not to be asked in vain for each conversation
      hasAnswered = false;
      return true;
    },
    isThere() {
      if (hasAnswered) itIsTheirs();
      return silent.length === 0;
    },
  };
}
