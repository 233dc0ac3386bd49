/**
 * Which of several databases to ask first: the primary while it answers, else its standbys in their order. A state
 * machine without a clock and without a connection; both are its caller's.
 *
 *   up --failed--> down --retry time has passed--> due --begin--> probed --answered--> up
 *                    ^--------------------------failed---------------'
 */

/** How long a database that did not answer is left alone before it is probed again. */
export const RETRY_MS = 2_000;

export interface Availability {
  /** The index of every database, the one to ask first at the front; one that is down is a last resort. */
  order(): readonly number[];
  /** Those that are down and were left alone for long enough. Each is returned once, and counts as being probed. */
  beginProbes(nowMs: number): readonly number[];
  answered(index: number): void;
  failed(index: number, nowMs: number): void;
}

type State = { readonly up: true } | { readonly up: false; readonly probeAtMs: number };

const UP: State = { up: true };

/** @param count of databases: the primary is 0 */
export function availability(count: number): Availability {
  const states = Array.from({ length: count }, () => UP);
  const all = states.map((_, index) => index);
  let order: readonly number[] = all;

  function set(index: number, state: State): void {
    states[index] = state;
    const isUp = (of: number) => states[of]?.up === true;
    order = [...all.filter(isUp), ...all.filter((of) => !isUp(of))];
  }

  return {
    order: () => order,
    beginProbes: (nowMs) => {
      const due = all.filter((index) => {
        const state = states[index];
        return state !== undefined && !state.up && state.probeAtMs <= nowMs;
      });
      // until the probe has come to its end, it is not due again
      for (const index of due) set(index, { up: false, probeAtMs: Infinity });
      return due;
    },
    answered: (index) => {
      if (states[index]?.up !== true) set(index, UP);
    },
    failed: (index, nowMs) => {
      set(index, { up: false, probeAtMs: nowMs + RETRY_MS });
    },
  };
}
