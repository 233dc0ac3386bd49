/** One HTTP request, and how it ended. */
import { type Agent, request as httpRequest, type RequestOptions } from "node:http";
import { Readable } from "node:stream";

export interface Message {
  readonly origin: string;
  readonly method?: "GET" | "POST" | "PUT";
  readonly path: string;
  /** What the proxy in front would write into X-Forwarded-For. */
  readonly network: string;
  readonly key?: string;
  readonly body?: string | Buffer;
  /** Sends the body without saying how long it is. */
  readonly isChunked?: boolean;
  /** Without one, the request has a connection of its own. */
  readonly agent?: Agent;
  readonly timeoutMs: number;
}

export interface Reply {
  /** An HTTP status, or how it ended without one. */
  readonly status: number | "timed out" | "cut off";
  readonly body: string;
  readonly ms: number;
}

const CHUNK_BYTES = 64 * 1024;

export function send(message: Message): Promise<Reply> {
  const { origin, method = "GET", path, network, key, body, isChunked = false } = message;
  const startedMs = performance.now();
  const options: RequestOptions = {
    method,
    agent: message.agent ?? false,
    headers: {
      "x-forwarded-for": network,
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(body !== undefined && !isChunked && { "content-length": Buffer.byteLength(body) }),
    },
  };
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let isLate = false;
    const end = (status: Reply["status"]) => {
      clearTimeout(late);
      const ms = performance.now() - startedMs;
      resolve({ status, body: Buffer.concat(chunks).toString(), ms });
    };
    const request = httpRequest(`${origin}${path}`, options, (response) => {
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        end(response.statusCode ?? "cut off");
      });
      response.on("error", () => {
        end(isLate ? "timed out" : "cut off");
      });
    });
    request.on("error", () => {
      end(isLate ? "timed out" : "cut off");
    });
    const late = setTimeout(() => {
      isLate = true;
      request.destroy();
    }, message.timeoutMs);
    if (body !== undefined && isChunked) Readable.from(piecesOf(body)).pipe(request);
    else request.end(body);
  });
}

function* piecesOf(body: string | Buffer) {
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}
