/** The service API under `/v1`, of the service that this page is from. */
import { Trouble, troubleOfAnswer } from "./trouble.js";

const LONGEST_WAIT_MS = 30_000;

type Query = Readonly<Record<string, string | number | undefined>>;

export interface Service {
  /**
   * The body of the answer; `docs/api.md` says what it is. Throws `Trouble`, and the reason of `signal`.
   *
   * @param path below `/v1/`, by its segments
   */
  read(path: readonly string[], query?: Query, signal?: AbortSignal): Promise<unknown>;
  /** Is not given up while it is under way: nobody would know what became of it. Throws `Trouble`. */
  change(method: "PUT" | "DELETE", path: readonly string[], more?: Change): Promise<void>;
}

interface Change {
  readonly body?: unknown;
  /** Of the name as it was read: it is changed only while it is that one. */
  readonly version?: string;
}

/** The folder that the page lies in: a proxy may have put the service below a path. */
export function serviceUrl(): string {
  return new URL(".", `${location.origin}${location.pathname}`).href;
}

export function serviceOf(apiKey: string): Service {
  const standard = { accept: "application/json", authorization: `Bearer ${apiKey}` };
  return {
    read: async (path, query = {}, signal) => {
      const url = urlOf(path);
      for (const [key, value] of Object.entries(query)) {
        if (value !== undefined && value !== "") url.searchParams.set(key, String(value));
      }
      const { response, text } = await exchange(url, { headers: standard }, signal);
      const body = jsonOf(text);
      if (!response.ok) throw troubleOfAnswer(response, body);
      if (body !== undefined) return body;
      const requestId = response.headers.get("x-request-id");
      throw new Trouble("unknown", "The answer is not the service API’s.", requestId);
    },
    change: async (method, path, { body, version } = {}) => {
      const headers = {
        ...standard,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(version !== undefined && { "if-match": `"${version}"` }),
      };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      // signing out goes on when the tab is closed
      const init = { method, headers, ...sent, keepalive: true };
      const { response, text } = await exchange(urlOf(path), init);
      if (!response.ok) throw troubleOfAnswer(response, jsonOf(text));
    },
  };
}

function urlOf(path: readonly string[]): URL {
  return new URL(`v1/${path.map(encodeURIComponent).join("/")}`, serviceUrl());
}

async function exchange(
  url: URL,
  init: RequestInit,
  signal?: AbortSignal,
): Promise<{ readonly response: Response; readonly text: string }> {
  signal?.throwIfAborted();
  const gaveUp = new AbortController();
  const stop = () => {
    gaveUp.abort();
  };
  const timer = setTimeout(stop, LONGEST_WAIT_MS);
  signal?.addEventListener("abort", stop);
  try {
    const response = await fetch(url, {
      ...init,
      // nothing of a domain stays in the browser's cache, and nothing is sent elsewhere
      ...({ cache: "no-store", credentials: "omit", redirect: "error" } as const),
      signal: gaveUp.signal,
    });
    return { response, text: await response.text() };
  } catch {
    signal?.throwIfAborted();
    const sentence = gaveUp.signal.aborted
      ? `No answer within ${LONGEST_WAIT_MS / 1000} seconds.`
      : "Nothing answered: the service is down, or the network is in the way.";
    throw new Trouble("unknown", sentence);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/** Undefined for what is not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
