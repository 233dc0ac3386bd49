/** Who waits for a signal, which has one listener of ours however many there are: Node takes eleven for a leak. */
interface Waiting {
  readonly all: Set<() => void>;
  readonly listener: () => void;
}

const waitingFor = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls `then` when the signal is aborted; not for one that is aborted already.
 * @returns what ends the waiting. Has to be called: signals may live as long as the process
 */
export function whenAborted(signal: AbortSignal, then: () => void): () => void {
  const waiting = waitingFor.get(signal) ?? startListening(signal);
  // a function of its own, so that nobody ends the waiting of somebody else
  const one = (): void => {
    then();
  };
  waiting.all.add(one);
  return () => {
    waiting.all.delete(one);
    if (waiting.all.size > 0 || waitingFor.get(signal) !== waiting) return;
    waitingFor.delete(signal);
    signal.removeEventListener("abort", waiting.listener);
  };
}

function startListening(signal: AbortSignal): Waiting {
  const all = new Set<() => void>();
  const listener = () => {
    for (const one of [...all]) one();
  };
  const waiting = { all, listener };
  waitingFor.set(signal, waiting);
  signal.addEventListener("abort", listener);
  return waiting;
}
