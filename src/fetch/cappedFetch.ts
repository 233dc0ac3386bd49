import { SignpostError } from "../errors.js";
import { bodyType, type FetchAnswer, type FetchRequest } from "./fetcher.js";
import { startTimeLimit } from "./timeLimit.js";

/**
 * `globalThis.fetch` with a bound on time and size, and without redirects. It guards no addresses: on its
 * own it is for URLs that the caller chose, such as the RPC node. Throws UNREACHABLE and TOO_LARGE.
 */
export async function cappedFetch(request: FetchRequest): Promise<FetchAnswer> {
  const headers: Record<string, string> = {};
  const url = new URL(request.url);
  if (url.username !== "" || url.password !== "") headers["authorization"] = credentialsOf(url);
  if (request.accept !== undefined) headers["accept"] = request.accept;
  if (request.body !== undefined) headers["content-type"] = bodyType(request.body);
  if (request.bearer !== undefined) headers["authorization"] = `Bearer ${request.bearer}`;
  const init: RequestInit = {
    method: request.method,
    headers,
    // the SDK's declarations name no kinds of buffers, which TypeScript 5.4 does not know; a shared one is none of ours
    ...(request.body === undefined ? {} : { body: request.body as BodyInit }),
  };
  const { response, body } = await fetchWhole(url, init, request);
  const header = (name: string) => response.headers.get(name);
  return { status: response.status, contentType: header("content-type"), body, header };
}

/**
 * HTTP's Basic authentication (RFC 7617) for what stands in the URL, which is taken out of it: `fetch` refuses a URL with
 * user name and password.
 */
function credentialsOf(url: URL): string {
  const text = `${decoded(url.username)}:${decoded(url.password)}`;
  url.username = "";
  url.password = "";
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`;
}

/** What is no percent-encoding is meant as it stands, as browsers take it. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

interface Bounds {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** The caller's. */
  readonly signal?: AbortSignal | undefined;
}

/** What the platform does over the network: everything else that fails is a defect, and no server's fault. */
type OverNetwork = <T>(step: Promise<T>) => Promise<T>;

/**
 * One exchange, to the end of its body. No redirects, which would lead elsewhere with everything that was sent; no
 * cookies and no referrer: a server learns nothing about who asks. Throws UNREACHABLE when no complete answer came in
 * time, TOO_LARGE, and the reason of `signal` when the caller gave up.
 */
export async function fetchWhole(
  url: URL,
  init: RequestInit,
  { maxBytes, timeoutMs, signal }: Bounds,
): Promise<{ response: Response; body: Uint8Array }> {
  const limit = startTimeLimit(timeoutMs, signal);
  const overNetwork: OverNetwork = async (step) => {
    try {
      return await step;
    } catch (error) {
      if (signal?.aborted === true) throw reasonOf(signal);
      throw unreachable(url.origin, timeoutMs, error, limit.isOver());
    }
  };
  try {
    if (signal?.aborted === true) throw reasonOf(signal);
    const response = await overNetwork(
      fetch(url.href, {
        ...init,
        redirect: "error",
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: limit.signal,
      }),
    );
    return { response, body: await readBody(response, maxBytes, url.origin, overNetwork) };
  } finally {
    limit.end();
  }
}

/** Old signals have no reason. */
function reasonOf(signal: AbortSignal): unknown {
  return (signal.reason as unknown) ?? new Error("The caller gave up.");
}

/** The body, or TOO_LARGE as soon as it is over `maxBytes`. */
async function readBody(
  response: Response,
  maxBytes: number,
  origin: string,
  overNetwork: OverNetwork,
): Promise<Uint8Array> {
  const { body } = response as { body?: ReadableStream<Uint8Array> | null };
  if (body) return collectBody(chunksOf(body, overNetwork), maxBytes, origin);
  // React Native has no streams: what was announced is refused before it is read, the rest afterwards
  if (Number(response.headers.get("content-length")) > maxBytes) throw tooLarge(origin, maxBytes);
  const bytes = new Uint8Array(await overNetwork(response.arrayBuffer()));
  if (bytes.length > maxBytes) throw tooLarge(origin, maxBytes);
  return bytes;
}

/** Not every browser iterates over a ReadableStream itself. Leaving the loop early cancels the stream. */
async function* chunksOf(
  body: ReadableStream<Uint8Array>,
  overNetwork: OverNetwork,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await overNetwork(reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Reads a body to its end, or throws TOO_LARGE as soon as it is over `maxBytes`. */
export async function collectBody(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
  origin: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(origin, maxBytes);
    parts.push(chunk);
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    body.set(part, offset);
    offset += part.length;
  }
  return body;
}

function tooLarge(origin: string, maxBytes: number): SignpostError {
  return new SignpostError(
    "TOO_LARGE",
    `${origin} sent more than the ${maxBytes} bytes that we read. Publish something smaller.`,
    { maxBytes, reason: `it sent more than ${maxBytes} bytes` },
  );
}

/** The error for a fetch that brought no complete answer. */
export function unreachable(
  origin: string,
  timeoutMs: number,
  cause: unknown,
  timedOut = isTimeout(cause),
): SignpostError {
  const reason = timedOut
    ? `did not answer completely within ${Math.round(timeoutMs)} ms`
    : `could not be reached (${causeOf(cause)})`;
  return new SignpostError(
    "UNREACHABLE",
    `${origin} ${reason}. Try again later.`,
    { reason: `it ${reason}` },
    { cause },
  );
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof Error && (cause.name === "TimeoutError" || cause.name === "AbortError");
}

/** The innermost machine-readable reason: fetch wraps "ECONNREFUSED" in "fetch failed". */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown reason";
  if (error.cause instanceof Error) return causeOf(error.cause);
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : error.message;
}
