/** An RPC node over HTTP (JSON-RPC 2.0). */
import { SignpostError } from "../errors.js";
import { cappedFetch } from "../fetch/cappedFetch.js";
import { type Eip1193Provider, RpcFault } from "./rpc.js";

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Nodes bound their batches; 50 is well below every bound that was met. */
const MOST_IN_BATCH = 50;

interface Question {
  readonly method: string;
  readonly params: unknown[];
}

interface Waiting extends Question {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A provider over JSON-RPC 2.0 at `url`, which the caller chose and which may therefore be a private
 * address. Its URL appears in no message: it often holds an API key. Throws INVALID_REQUEST for a URL that is none;
 * `request` throws RpcFault for an error object of the node, UNREACHABLE for everything that is no JSON-RPC answer.
 *
 * With `batches`, requests that are made within one turn of the event loop are sent together, as a JSON-RPC batch:
 * for one client's questions, since all of them wait for the slowest. A node that does not answer a batch as the
 * specification wants it is asked one by one from then on.
 */
export function httpProvider(
  url: string,
  timeoutMs: number,
  { batches = false }: { readonly batches?: boolean } = {},
): Eip1193Provider {
  if (!isHttpUrl(url)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The RPC URL is not an absolute http: or https: URL. Give one, or an EIP-1193 provider.",
    );
  }
  let waiting: Waiting[] = [];
  let takesBatches = batches;

  const post = async (body: unknown): Promise<{ status: number; json: unknown }> => {
    const request = { url, method: "POST", body: JSON.stringify(body) } as const;
    const answer = await cappedFetch({ ...request, maxBytes: MAX_ANSWER_BYTES, timeoutMs });
    return { status: answer.status, json: jsonOf(answer.body) };
  };

  const askOne = async ({ method, params, resolve, reject }: Waiting): Promise<void> => {
    try {
      const { status, json } = await post({ jsonrpc: "2.0", id: 1, method, params });
      resolve(resultOf(json, status));
    } catch (error) {
      reject(error);
    }
  };

  const askBatch = async (questions: readonly Waiting[]): Promise<void> => {
    try {
      const { status, json } = await post(
        questions.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params })),
      );
      const answers = answersById(json, questions.length);
      if (answers === null) {
        // a node under load fails whatever it is asked: more requests would not help it
        if (status === 429 || status >= 500) throw unusable(`HTTP ${status} without JSON`);
        takesBatches = false;
        await Promise.all(questions.map(askOne));
        return;
      }
      questions.forEach((question, id) => {
        settle(question, answers[id]);
      });
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  };

  const send = (): void => {
    const questions = waiting;
    waiting = [];
    if (!takesBatches || questions.length === 1) {
      for (const question of questions) void askOne(question);
      return;
    }
    for (let at = 0; at < questions.length; at += MOST_IN_BATCH) {
      void askBatch(questions.slice(at, at + MOST_IN_BATCH));
    }
  };

  return {
    request: ({ method, params }) =>
      new Promise((resolve, reject) => {
        const question = { method, params, resolve, reject };
        if (!takesBatches) {
          void askOne(question);
          return;
        }
        if (waiting.length === 0) setTimeout(send, 0);
        waiting.push(question);
      }),
  };
}

function isHttpUrl(url: string): boolean {
  try {
    return /^https?:$/.test(new URL(url).protocol);
  } catch {
    return false;
  }
}

function settle({ resolve, reject }: Waiting, answer: unknown): void {
  try {
    resolve(resultOf(answer, 200));
  } catch (error) {
    reject(error);
  }
}

/** The answers by the ids 0 to `count` - 1; null unless there is exactly one for each. */
function answersById(json: unknown, count: number): readonly unknown[] | null {
  if (!Array.isArray(json) || json.length !== count) return null;
  const answers = new Array<unknown>(count);
  for (const answer of json as unknown[]) {
    const id = isObject(answer) ? answer["id"] : undefined;
    if (typeof id === "number") answers[id] = answer;
  }
  // as many as there were questions, so each has its own if none is left out
  return answers.length === count && !answers.includes(undefined) ? answers : null;
}

/** Nodes that answer a revert with an HTTP error status still send the JSON-RPC error object. */
function resultOf(answer: unknown, status: number): unknown {
  if (!isObject(answer)) throw unusable(`HTTP ${status} without JSON`);
  const { result, error } = answer;
  if (isObject(error)) throw new RpcFault(String(error["message"]), error["code"], error["data"]);
  if (result === undefined || status >= 400) throw unusable(`HTTP ${status} without a result`);
  return result;
}

/** Undefined for a body that is no JSON: whatever is not an object or list is the same to the caller. */
function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

function unusable(answer: string): SignpostError {
  return new SignpostError(
    "UNREACHABLE",
    `The RPC node answered with ${answer}. Check its URL and API key, or use another node.`,
    { reason: `it answered with ${answer}` },
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
