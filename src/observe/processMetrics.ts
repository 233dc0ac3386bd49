/**
 * The metrics of all processes that share a port. A scrape reaches any one of them, and its answer has to be the
 * same whichever it is: the first process asks every other and adds the numbers up, and the others ask the first.
 */
import cluster, { type Worker } from "node:cluster";
import { AggregatorRegistry, Registry } from "prom-client";
import { SignpostError } from "../errors.js";

/** Scrapers give up after 10 s, and a process that takes this long hangs. */
const LONGEST_WAIT_MS = 2_000;

type ProcessMetrics = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

type Message =
  | { readonly signpost: "give your metrics"; readonly question: number }
  | {
      readonly signpost: "my metrics";
      readonly question: number;
      readonly metrics: ProcessMetrics;
    }
  | { readonly signpost: "give all metrics"; readonly question: number }
  | { readonly signpost: "all metrics"; readonly question: number; readonly text: string | null };

/**
 * Call once in every process, before the first scrape; a process that only starts others has none of its own. Returns what tells the metrics of all, in Prometheus' text
 * format; that throws INTERNAL when a process does not answer: numbers without its would look like a restart.
 */
export function shareMetrics(own = new Registry()): () => Promise<string> {
  return cluster.isPrimary ? gatherFromWorkers(own) : askPrimary(own);
}

function gatherFromWorkers(own: Registry): () => Promise<string> {
  const answers = pendingAnswers<ProcessMetrics | null>();

  async function gather(): Promise<string> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    // alone, it can also tell what cannot be added up, as when it was started
    if (workers.length === 0) return own.metrics();
    const shares = await Promise.all([own.getMetricsAsJSON(), ...workers.map(metricsOf)]);
    return AggregatorRegistry.aggregate(shares.filter((share) => share !== null)).metrics();
  }

  /** Null for one that ends meanwhile. */
  function metricsOf(worker: Worker): Promise<ProcessMetrics | null> {
    const { question, answer } = answers.expect();
    const gone = () => {
      answers.settle(question, null);
    };
    worker.once("disconnect", gone);
    send(worker, { signpost: "give your metrics", question }, gone);
    return answer.finally(() => worker.off("disconnect", gone));
  }

  cluster.on("message", (worker, message: unknown) => {
    if (!isOurs(message)) return;
    if (message.signpost === "my metrics") answers.settle(message.question, message.metrics);
    if (message.signpost !== "give all metrics") return;
    const { question } = message;
    // without a text, the worker stops waiting, and says that it has none
    void gather()
      .catch(() => null)
      .then((text) => {
        send(worker, { signpost: "all metrics", question, text });
      });
  });
  return gather;
}

function askPrimary(own: Registry): () => Promise<string> {
  const answers = pendingAnswers<string | null>();
  process.on("message", (message: unknown) => {
    if (!isOurs(message)) return;
    if (message.signpost === "all metrics") answers.settle(message.question, message.text);
    if (message.signpost !== "give your metrics") return;
    const { question } = message;
    void own.getMetricsAsJSON().then((metrics) => {
      send(process, { signpost: "my metrics", question, metrics });
    });
  });
  return async () => {
    const { question, answer } = answers.expect();
    send(process, { signpost: "give all metrics", question });
    return (await answer) ?? noAnswer();
  };
}

interface PendingAnswers<Answer> {
  expect(): { question: number; answer: Promise<Answer> };
  settle(question: number, answer: Answer): void;
}

function pendingAnswers<Answer>(): PendingAnswers<Answer> {
  const pending = new Map<number, (answer: Answer) => void>();
  let asked = 0;
  return {
    expect() {
      const question = asked++;
      const answer = new Promise<Answer>((resolve, reject) => {
        const late = setTimeout(() => {
          pending.delete(question);
          reject(processHangs());
        }, LONGEST_WAIT_MS);
        pending.set(question, (given) => {
          clearTimeout(late);
          pending.delete(question);
          resolve(given);
        });
      });
      return { question, answer };
    },
    settle(question, answer) {
      pending.get(question)?.(answer);
    },
  };
}

function send(to: Worker | NodeJS.Process, message: Message, failed?: () => void): void {
  // it may have ended since; then nobody waits for this either
  to.send?.(message, undefined, undefined, (error: Error | null) => {
    if (error !== null) failed?.();
  });
}

function isOurs(message: unknown): message is Message {
  return typeof message === "object" && message !== null && "signpost" in message;
}

function processHangs(): SignpostError {
  return new SignpostError(
    "INTERNAL",
    `A process did not tell its metrics within ${LONGEST_WAIT_MS} ms; look for one that is overloaded.`,
  );
}

function noAnswer(): never {
  throw processHangs();
}
