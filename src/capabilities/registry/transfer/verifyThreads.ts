/** Names are verified on all cores: nearly all of the time of an import goes into hashes and signatures. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type ErrorCode, SignpostError } from "../../../errors.js";
import { loadEngines } from "../../../native/engines.js";
import { verifyChunk, type VerifyJob, type VerifyResults } from "./verifyChunk.js";

/** Each holds one part of a chunk; memory is bounded by those. */
const MOST_THREADS = 8;

/** Below this, a thread is not worth its start. */
const WORTH_A_THREAD_BYTES = 4 * 1024 * 1024;

/** Without a bound, garbage of half a gigabyte would gather; a thread that needs more ends, and its work is done here. */
const THREAD_MEMORY = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 };

const PROGRAM = new URL("./verifyWorker.js", import.meta.url);

export interface Verifier {
  /** Throws EXPORT_MALFORMED. */
  verify(job: VerifyJob): Promise<VerifyResults>;
  close(): Promise<void>;
}

/**
 * @param bytes of the whole export
 * @param program of a thread; where it cannot run, the work is done here
 */
export async function openVerifier(
  bytes: number,
  threads = Math.min(MOST_THREADS, availableParallelism()),
  program = PROGRAM,
): Promise<Verifier> {
  await loadEngines();
  if (bytes < WORTH_A_THREAD_BYTES || threads < 2) {
    return { verify: verifyChunk, close: () => Promise.resolve() };
  }
  const workers = Array.from(
    { length: threads },
    () => new Worker(program, { resourceLimits: THREAD_MEMORY }),
  );
  const queues = workers.map(queueOf);
  return {
    verify: async ({ groups, context }) => {
      const each = Math.ceil(groups.length / queues.length);
      const parts = queues.map((ask, index) =>
        ask({ groups: groups.slice(index * each, (index + 1) * each), context }),
      );
      return (await Promise.all(parts)).flat();
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: object;
}

export type Answer = { readonly results: VerifyResults } | { readonly failure: Failure };

interface Waiting {
  readonly job: VerifyJob;
  readonly resolve: (results: VerifyResults | Promise<VerifyResults>) => void;
  readonly reject: (error: Error) => void;
}

function queueOf(worker: Worker): (job: VerifyJob) => Promise<VerifyResults> {
  const waiting: Waiting[] = [];
  let isUp = true;
  worker.on("message", (answer: Answer) => {
    const first = waiting.shift();
    if ("results" in answer) first?.resolve(answer.results);
    else first?.reject(failureOf(answer.failure));
  });
  // whatever ends it, nobody may wait for it in vain
  worker.on("error", () => undefined);
  worker.on("exit", () => {
    isUp = false;
    for (const { job, resolve } of waiting.splice(0)) resolve(verifyChunk(job));
  });
  return (job) =>
    new Promise((resolve, reject) => {
      if (!isUp) {
        resolve(verifyChunk(job));
        return;
      }
      waiting.push({ job, resolve, reject });
      worker.postMessage(job);
    });
}

function failureOf({ code, message, details }: Failure): Error {
  // its details came from the same error, with the same code
  return new SignpostError(code as "EXPORT_MALFORMED", message, details as { line: number | null });
}
