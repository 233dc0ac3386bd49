/** Tells of each request when it has been answered. */
import type { RequestListener } from "node:http";
import type { ClientAddress } from "./clientAddress.js";
import { REQUEST_ID_HEADER, requestIdOf } from "./requestId.js";

export interface AnsweredRequest {
  readonly requestId: string;
  readonly method: string;
  /** Without its query, and cut off at 300 characters. */
  readonly path: string;
  /** Null when the client went before it was answered. */
  readonly status: number | null;
  readonly durationMs: number;
  /** Of whoever is connected, or whom our own proxy names. */
  readonly clientAddress: string;
}

const LONGEST_PATH = 300;

/** Whether it is for publishing and reading names, ours or dm3's, and not a lookup or somebody who watches. */
export function isOfApi(path: string): boolean {
  return path.startsWith("/v1/") || path.startsWith("/profile/");
}

/** The same listener, whose answers name their request, and with `note` told of each. */
export function noteAnswers(
  listener: RequestListener,
  clientAddressOf: ClientAddress,
  note: (answered: AnsweredRequest) => void,
): RequestListener {
  return (request, response) => {
    const startedMs = performance.now();
    // both change while the request is answered, and the socket's address is gone with the connection
    const { method = "", url = "" } = request;
    const clientAddress = clientAddressOf(request);
    const requestId = requestIdOf(request);
    response.setHeader(REQUEST_ID_HEADER, requestId);
    response.once("close", () => {
      // to a client that went in the middle of its body, a refusal is written all the same
      const wasRead = response.writableFinished && !request.readableAborted;
      note({
        requestId,
        method,
        path: pathOf(url),
        status: wasRead ? response.statusCode : null,
        durationMs: performance.now() - startedMs,
        clientAddress,
      });
    });
    listener(request, response);
  };
}

/** A query may hold what should not be kept. */
function pathOf(url: string): string {
  const end = url.indexOf("?");
  return url.slice(0, Math.min(end === -1 ? url.length : end, LONGEST_PATH));
}
