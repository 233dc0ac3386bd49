import { whenAborted } from "./whenAborted.js";

/** A bound on the time of one request, and the caller's wish to give it up. */
export interface TimeLimit {
  /** For `fetch`. */
  readonly signal: AbortSignal;
  /** Whether the time was over before the caller gave up, and before `end`. */
  isOver(): boolean;
  /** Has to be called: a timer would keep a process alive. */
  end(): void;
}

/** By a controller of its own: not every runtime has `AbortSignal.timeout` and `AbortSignal.any`. */
export function startTimeLimit(timeoutMs: number, givenUp?: AbortSignal): TimeLimit {
  const controller = new AbortController();
  let isOver = false;
  const giveUp = () => {
    controller.abort();
  };
  const timer = setTimeout(() => {
    isOver = givenUp?.aborted !== true;
    giveUp();
  }, timeoutMs);
  if (givenUp?.aborted === true) giveUp();
  const stopWaiting = givenUp === undefined ? undefined : whenAborted(givenUp, giveUp);
  return {
    signal: controller.signal,
    isOver: () => isOver,
    end: () => {
      clearTimeout(timer);
      stopWaiting?.();
    },
  };
}
