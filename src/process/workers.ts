/** The workers of the primary process: as many as are wanted, whatever happens to one. */
import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { SignpostError } from "../errors.js";
import { workerFlags } from "./heapLimits.js";
import { type Listening, listeningOf, type Order, order } from "./processMessages.js";

/** Longer than a worker takes to finish its requests. */
const LONGEST_STOP_MS = 15_000;

/** Where a worker ends at once, the next may as well: then they are started ever more slowly. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** Whoever served for so long ended for another reason than how it was started. */
const SERVED_WELL_MS = 60_000;

export interface WorkersOptions {
  readonly count: number;
  /** Beside the environment of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Told when a worker ended that should not have, in a sentence. */
  readonly onLoss: (sentence: string) => void;
}

export interface Workers {
  readonly listening: Listening;
  orderOne(what: Order): void;
  orderAll(what: Order): void;
  /** Lets all finish their requests; those that do not within 15 s are ended. */
  stop(): Promise<void>;
}

/** Returns when all have listened. Throws INTERNAL when one ends before it has: it has said itself why. */
export async function startWorkers({
  count,
  environment,
  onLoss,
}: WorkersOptions): Promise<Workers> {
  let stopping = false;
  let pauseMs = FIRST_PAUSE_MS;
  const pauses = new Set<NodeJS.Timeout>();

  const running = () =>
    Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);

  async function stop(): Promise<void> {
    stopping = true;
    pauses.forEach(clearTimeout);
    await Promise.all(running().map(stopWorker));
  }

  /** One that ends before it has listened is replaced only where it replaced another one itself. */
  function start(isReplacement: boolean): Promise<Listening> {
    const worker = cluster.fork(environment);
    const startedMs = performance.now();
    let isKept = isReplacement;
    return new Promise((resolve, reject) => {
      worker.on("message", (message: unknown) => {
        const listening = listeningOf(message);
        if (listening === null) return;
        isKept = true;
        resolve(listening);
      });
      const lost = (how: string) => {
        reject(neverListened());
        if (!stopping && isKept) replace(worker, how, performance.now() - startedMs);
      };
      worker.once("exit", (status: number, signal: string | null) => {
        lost(signal ?? `exit status ${status.toString()}`);
      });
      // it could not be started at all
      worker.once("error", (error) => {
        lost(error.message);
      });
    });
  }

  function replace(worker: Worker, how: string, servedMs: number): void {
    if (servedMs >= SERVED_WELL_MS) pauseMs = FIRST_PAUSE_MS;
    const pid = String(worker.process.pid);
    onLoss(`The process ${pid} has ended (${how}); another one is started in ${pauseMs} ms.`);
    const pause = setTimeout(() => {
      pauses.delete(pause);
      // that it ended before it listened is told by the loss of that one
      start(true).catch(() => undefined);
    }, pauseMs);
    pauses.add(pause);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }

  cluster.setupPrimary({ execArgv: workerFlags(process.execArgv) });
  try {
    const [listening] = await Promise.all(Array.from({ length: count }, () => start(false)));
    if (listening === undefined) throw neverListened();
    return {
      listening,
      orderOne: (what) => {
        const [first] = running();
        if (first !== undefined) order(first, what);
      },
      orderAll: (what) => {
        for (const worker of running()) order(worker, what);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function stopWorker(worker: Worker): Promise<void> {
  if (worker.isDead()) return;
  const ended = once(worker, "exit");
  const late = setTimeout(() => {
    worker.process.kill("SIGKILL");
  }, LONGEST_STOP_MS);
  order(worker, "stop");
  await ended;
  clearTimeout(late);
}

function neverListened(): SignpostError {
  return new SignpostError(
    "INTERNAL",
    "A process ended before it answered; what it printed above says why.",
  );
}
