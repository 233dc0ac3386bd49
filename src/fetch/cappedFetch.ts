import { SignpostError } from "../errors.js";
import type { FetchAnswer, FetchRequest } from "./fetcher.js";

/**
 * `globalThis.fetch` with a bound on time and size, and without redirects. It guards no addresses: on its
 * own it is for URLs that the caller chose, such as the RPC node. Throws UNREACHABLE and TOO_LARGE.
 */
export async function cappedFetch(request: FetchRequest): Promise<FetchAnswer> {
  const { maxBytes, timeoutMs } = request;
  const { origin } = new URL(request.url);
  const headers: Record<string, string> = {};
  if (request.accept !== undefined) headers["accept"] = request.accept;
  if (request.body !== undefined) headers["content-type"] = "application/json";
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: "error",
      // no cookies, no referrer: a gateway learns nothing about who asks
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await collectBody(response.body, maxBytes, origin);
    return { status: response.status, contentType: response.headers.get("content-type"), body };
  } catch (error) {
    if (error instanceof SignpostError) throw error;
    throw unreachable(origin, timeoutMs, error);
  }
}

/** Reads a body to its end, or throws TOO_LARGE as soon as it is over `maxBytes`. */
export async function collectBody(
  chunks: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null,
  maxBytes: number,
  origin: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks === null ? [] : iterate(chunks)) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new SignpostError(
        "TOO_LARGE",
        `${origin} sent more than the ${maxBytes} bytes that we read. Publish something smaller.`,
        { maxBytes, reason: `it sent more than ${maxBytes} bytes` },
      );
    }
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

/** Not every browser iterates over a ReadableStream itself. Leaving the loop early cancels the stream. */
async function* iterate(
  chunks: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (!("getReader" in chunks)) {
    yield* chunks;
    return;
  }
  const reader = chunks.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The error for a fetch that brought no complete answer. */
export function unreachable(origin: string, timeoutMs: number, cause: unknown): SignpostError {
  const timedOut =
    cause instanceof Error && (cause.name === "TimeoutError" || cause.name === "AbortError");
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

/** The innermost machine-readable reason: fetch wraps "ECONNREFUSED" in "fetch failed". */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown reason";
  if (error.cause instanceof Error) return causeOf(error.cause);
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : error.message;
}
