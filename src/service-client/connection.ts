/** One service, as all parts of a client reach it. */
import { isSignpostError } from "../errors.js";
import { versionOfEtag } from "../wire/etag.js";
import type { Shape } from "../wire/shape.js";
import {
  type CallOptions,
  type ConnectionOptions,
  serviceUrl,
  timeoutOf,
} from "./clientOptions.js";
import { exchange, type HttpAnswer, type HttpRequest } from "./exchange.js";
import { refusedAnswer } from "./refusedAnswer.js";
import { understoodAnswer } from "./understoodAnswer.js";

/** Outcomes and errors have hundreds of bytes. */
const SHORT_ANSWER_BYTES = 1024 * 1024;

interface Request {
  readonly method: HttpRequest["method"];
  /** Below `/v1/`, by its segments. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** In a browser: goes on where its page is closed meanwhile, unless it is large. */
  readonly outlivesPage?: true;
  /** Of the answer; a mebibyte unless given. */
  readonly maxBytes?: number;
  /** Where this kind of request takes longer than others. */
  readonly standardTimeoutMs?: number;
  readonly options?: CallOptions | undefined;
}

/** What was answered, refusals apart: those are thrown. */
export interface Answer {
  readonly status: number;
  /** The version that its ETag tells; null where the answer has none. */
  readonly version: string | null;
  /** The body by its shape. Throws UNREACHABLE when it has another form. */
  as<T>(shape: Shape<T>): T;
}

export interface Connection {
  /** Throws what the service refused (`refusedAnswer`), and UNREACHABLE when nobody answered. */
  send(request: Request): Promise<Answer>;
  /** The same, but null when there is no such name, or nothing of the kind at it. */
  sendAbout(name: string, request: Request): Promise<Answer | null>;
}

/** @param apiKey null for what wallets do, who need none */
export function connect({ url, timeoutMs }: ConnectionOptions, apiKey: string | null): Connection {
  const base = serviceUrl(url);
  timeoutOf(timeoutMs);
  const authorization = apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };

  async function send(request: Request): Promise<Answer> {
    const { method, headers, body, outlivesPage = false, options = {} } = request;
    const answer = await exchange({
      method,
      url: requestUrl(base, request),
      headers: { accept: "application/json", ...authorization, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      outlivesPage,
      maxBytes: request.maxBytes ?? SHORT_ANSWER_BYTES,
      timeoutMs: timeoutOf(options.timeoutMs ?? timeoutMs, request.standardTimeoutMs),
      signal: options.signal,
    });
    if (answer.status >= 400) throw refusedAnswer(base.origin, answer);
    return {
      status: answer.status,
      version: versionOf(answer),
      as: (shape) => understoodAnswer(shape, base.origin, answer),
    };
  }

  return {
    send,
    sendAbout: async (name, request) => {
      try {
        return await send(request);
      } catch (error) {
        // a wrong URL is "not found" as well, but not about this name
        if (isSignpostError(error, "NOT_FOUND") && error.details.name === name) return null;
        throw error;
      }
    },
  };
}

function requestUrl(base: URL, { path, query = {} }: Request): URL {
  const url = new URL(`v1/${path.map(encodeURIComponent).join("/")}`, base);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  return url;
}

function versionOf({ headers }: HttpAnswer): string | null {
  return versionOfEtag(headers.get("etag") ?? "");
}
