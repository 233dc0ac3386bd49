/** Tells of each request when it has been answered. */
import type { RequestListener } from "node:http";
import type { ClientAddress } from "./clientAddress.js";
import { patternOf } from "./loggedPath.js";
import { REQUEST_ID_HEADER, requestIdOf } from "./requestId.js";

export interface AnsweredRequest {
  readonly requestId: string;
  readonly method: string;
  /** Without its query, and cut off at 300 characters; the pattern of the route where the path itself is not to be kept. */
  readonly path: string;
  /** Whether the path is that of an API, and not of a lookup or of somebody who watches. */
  readonly isOfApi: boolean;
  /** Null when the client went before it was answered. */
  readonly status: number | null;
  readonly durationMs: number;
  /** Of whoever is connected, or whom our own proxy names. */
  readonly clientAddress: string;
}

const LONGEST_PATH = 300;

/** How to tell of a request what stands in no header as it is. */
export interface AccessLogParts {
  readonly clientAddressOf: ClientAddress;
  readonly isOfApi: (path: string) => boolean;
  /** What is logged in place of a path that is not to be kept, where its route did not say its pattern; null for all others. */
  readonly hiddenPath: (path: string) => string | null;
}

/** The same listener, whose answers name their request, and with `note` told of each. */
export function noteAnswers(
  listener: RequestListener,
  { clientAddressOf, isOfApi, hiddenPath }: AccessLogParts,
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
      const path = pathOf(url);
      note({
        requestId,
        method,
        path: patternOf(request) ?? hiddenPath(path) ?? path,
        isOfApi: isOfApi(path),
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
