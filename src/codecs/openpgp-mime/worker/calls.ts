/** Calls from one thread to the other and back, over messages. Both sides may call, so that a worker can ask its page. */
import { type ErrorCode, isSignpostError, SignpostError } from "../../../errors.js";
import { foreignText } from "../../../fetch/foreignText.js";

/** A `Worker`, the global of one, or a `MessagePort`: in browsers, and in Node of a MessageChannel. */
export interface WorkerPort {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  /** Of a MessagePort. */
  start?(): void;
}

export type Methods = Readonly<Record<string, (...given: never[]) => Promise<unknown>>>;

interface Question {
  readonly asks: number;
  readonly method: string;
  readonly given: readonly unknown[];
}

type Answer =
  | { readonly answers: number; readonly result: unknown }
  | { readonly answers: number; readonly error: ErrorFacts };

interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

type Waiting = readonly [resolve: (result: unknown) => void, reject: (error: unknown) => void];

/** @returns how to call a method of the other side */
export function connectCalls(
  port: WorkerPort,
  methods: Methods,
): (method: string, ...given: readonly unknown[]) => Promise<unknown> {
  const waiting = new Map<number, Waiting>();
  let last = 0;

  async function answer({ asks, method, given }: Question): Promise<void> {
    try {
      const found = Object.hasOwn(methods, method) ? methods[method] : undefined;
      if (found === undefined) throw new TypeError(`There is no method ${method}.`);
      port.postMessage({ answers: asks, result: await found(...(given as never[])) });
    } catch (error) {
      port.postMessage({ answers: asks, error: factsOf(error) });
    }
  }

  port.addEventListener("message", ({ data }) => {
    const message = Object(data) as Question | Answer;
    if ("asks" in message) void answer(message);
    if (!("answers" in message)) return;
    const [resolve, reject] = waiting.get(message.answers) ?? [];
    waiting.delete(message.answers);
    if ("error" in message) reject?.(errorOf(message.error));
    else resolve?.(message.result);
  });
  port.start?.();

  return (method, ...given) =>
    new Promise((resolve, reject) => {
      const asks = ++last;
      waiting.set(asks, [resolve, reject]);
      port.postMessage({ asks, method, given });
    });
}

/** Without causes, which not every thread can be given. */
function factsOf(error: unknown): ErrorFacts {
  if (isSignpostError(error)) {
    const { code, message, details } = error;
    return { code, message, details: JSON.parse(JSON.stringify(details)) as ErrorFacts["details"] };
  }
  return {
    code: "INTERNAL",
    message: foreignText(String(error).split("\n")[0] ?? ""),
    details: {},
  };
}

function errorOf({ code, message, details }: ErrorFacts): SignpostError {
  return new SignpostError(code as ErrorCode, message, details);
}
