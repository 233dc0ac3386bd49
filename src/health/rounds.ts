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
 * The first round begins at once.
 *
 * @param round must not throw
 * @param pauseMs between the end of a round and the next; `done` counts the rounds so far
 */
export function startRounds(round: () => Promise<void>, pauseMs: (done: number) => number): Rounds {
  const { again, stop } = prepareRounds(round, pauseMs);
  return { first: again(), again, stop };
}

/** The first round has a pause before it as well: `pauseMs(0)`. For what asks a service of which it is part itself. */
export function startRoundsByPause(
  round: () => Promise<void>,
  pauseMs: (done: number) => number,
): Omit<Rounds, "first"> {
  const { pause, again, stop } = prepareRounds(round, pauseMs);
  pause();
  return { again, stop };
}

function prepareRounds(round: () => Promise<void>, pauseMs: (done: number) => number) {
  let done = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let latest: Promise<void> = Promise.resolve();

  function pause(): void {
    timer = setTimeout(() => void again(), jittered(pauseMs(done)));
    // nobody should have to wait for a question to a chain when the process has nothing else to do
    timer.unref();
  }

  function again(): Promise<void> {
    latest = latest.then(async () => {
      clearTimeout(timer);
      if (stopped) return;
      await round();
      done++;
      pause();
    });
    return latest;
  }

  function stop(): Promise<void> {
    stopped = true;
    clearTimeout(timer);
    return latest;
  }

  return { pause, again, stop };
}

/** So that gateways that were started together do not ask together for ever. */
function jittered(ms: number): number {
  return ms * (0.9 + 0.2 * Math.random());
}
