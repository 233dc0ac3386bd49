import { whenAborted } from "./whenAborted.js";

/** Settles like `work`, or rejects with the signal's reason as soon as that is aborted. */
export async function unlessAborted<T>(
  signal: AbortSignal | undefined,
  work: Promise<T>,
): Promise<T> {
  if (signal === undefined) return await work;
  let stopWaiting = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    // some runtimes set no reason (React Native)
    const stop = () => {
      reject((signal.reason as Error | undefined) ?? new Error("The lookup was aborted."));
    };
    if (signal.aborted) stop();
    stopWaiting = whenAborted(signal, stop);
  });
  work.catch(() => undefined); // it is of no interest once the signal won
  try {
    return await Promise.race([aborted, work]);
  } finally {
    stopWaiting();
  }
}
