import { whenAborted } from "../fetch/whenAborted.js";

/** Resolves after so many milliseconds, or as soon as the signal is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stopWaiting();
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1));
    const stopWaiting = whenAborted(signal, done);
    if (signal.aborted) done();
  });
}
