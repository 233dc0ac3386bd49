/** Ways to send a request, decent ones and others, and what came of it. */
import { connect } from "node:net";
import { Agent, fetch, type RequestInit } from "undici";

/** An HTTP status, or how the exchange ended without one. */
export type Ending = number | "cut off" | "left";

export interface Reply {
  readonly ending: Ending;
  /** The `data` of a JSON body. */
  readonly data: string | null;
  /** Of what was cut off: the code of the error. */
  readonly cause?: string;
}

const LONGEST_EXCHANGE_MS = 30_000;

/**
 * Lets go of a connection long before the server does (after 5 s): on a busy machine a request would else be on its way
 * into one that the server has just closed, which is nobody's fault and no client can avoid.
 */
const connections = new Agent({ keepAliveTimeout: 1_000, keepAliveMaxTimeout: 1_000 });

export async function exchange(url: string, init: RequestInit = {}): Promise<Reply> {
  try {
    const response = await fetch(url, {
      ...init,
      dispatcher: connections,
      signal: AbortSignal.timeout(LONGEST_EXCHANGE_MS),
    });
    const text = await response.text();
    const body: unknown = response.ok ? JSON.parse(text) : null;
    return { ending: response.status, data: dataOf(body) };
  } catch (error) {
    // an answer that came before the body was sent is lost with its connection
    if (error instanceof TypeError) {
      return { ending: "cut off", data: null, cause: causeOf(error) };
    }
    throw error;
  }
}

export function post(url: string, data: unknown): Promise<Reply> {
  return exchange(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ data }),
  });
}

/** Sends `bytes` and then nothing more, until the server has had enough of it. */
export function sendAndWait(url: string, bytes: string): Promise<Reply> {
  return overSocket(url, bytes, null);
}

/** Sends `bytes` and is gone before the answer comes. */
export function sendAndLeave(url: string, bytes: string): Promise<Reply> {
  return overSocket(url, bytes, 1);
}

function overSocket(url: string, bytes: string, leaveAfterMs: number | null): Promise<Reply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answered = "";
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes);
      if (leaveAfterMs !== null) setTimeout(() => socket.destroy(), leaveAfterMs);
    });
    const late = setTimeout(() => {
      socket.destroy(new Error(`The server still waits after ${LONGEST_EXCHANGE_MS} ms.`));
    }, LONGEST_EXCHANGE_MS);
    let failure: Error | null = null;
    socket.on("data", (chunk: Buffer) => (answered += chunk.toString()));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") failure = error;
    });
    socket.on("close", () => {
      clearTimeout(late);
      if (failure) reject(failure);
      const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(answered) ?? [];
      const ending =
        status !== undefined ? Number(status) : leaveAfterMs === null ? "cut off" : "left";
      resolve({ ending, data: null });
    });
  });
}

function causeOf({ cause }: TypeError): string {
  if (!(cause instanceof Error)) return "unknown";
  return "code" in cause ? `${String(cause.code)}, ${cause.message}` : cause.message;
}

function dataOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("data" in body)) return null;
  return typeof body.data === "string" ? body.data : null;
}
