/** Something that is done again and again: at once, then after each pause, never twice at a time. */

export interface Rounds {
  /** Settled when the first round is done. */
  readonly first: Promise<void>;
  /** One more as soon as the one under way is done, without waiting for the pause. */
  again(): Promise<void>;
  /** Begins no further round. Settled when the one under way is done: only then may go what it works with. */
  stop(): Promise<void>;
}

/**
 * @param round must not throw
 * @param pauseMs between the end of a round and the next; `done` counts the rounds so far
 */
export function startRounds(round: () => Promise<void>, pauseMs: (done: number) => number): Rounds {
  let done = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let latest: Promise<void> = Promise.resolve();

  function again(): Promise<void> {
    latest = latest.then(async () => {
      clearTimeout(timer);
      if (stopped) return;
      await round();
      timer = setTimeout(() => void again(), jittered(pauseMs(++done)));
      // nobody should have to wait for a question to a chain when the process has nothing else to do
      timer.unref();
    });
    return latest;
  }

  return {
    first: again(),
    again,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return latest;
    },
  };
}

/** So that gateways that were started together do not ask together for ever. */
function jittered(ms: number): number {
  return ms * (0.9 + 0.2 * Math.random());
}
