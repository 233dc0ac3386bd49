/**
 * DM3's JSON-RPC over HTTP. Submits do not go through express, which would take longer than keeping a message does.
 *
 *   POST <base>/rpc, POST <base>   (DM3MTP: at the profile's URL; dm3's clients: /rpc below it)
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { SignpostError } from "../../errors.js";
import { leaveUnread } from "../body/leaveUnread.js";
import { logPathAs } from "../loggedPath.js";
import { requestIdOf } from "../requestId.js";
import type { RelayDoor } from "./relayDoor.js";
import { askingBy, callMethod, type RpcParts } from "./rpcMethods.js";
import { rpcRefusal } from "./rpcRefusals.js";

export interface RpcListenerParts extends RpcParts {
  readonly door: RelayDoor;
  /** The path of the profile's URL, without a slash at its end. */
  readonly basePath: string;
  /** Told of each submit: null, or why it was refused. */
  readonly onSubmit: (refused: SignpostError | null, durationMs: number) => void;
  readonly reportFailure: (error: SignpostError, requestId?: string) => void;
}

/** The envelope as JSON text in JSON, in which each quote is escaped twice. */
const BODY_FACTOR = 2;
const BODY_REST = 4 * 1024;

type Id = string | number | null;

export function rpcListener(parts: RpcListenerParts) {
  const { basePath, door, sizeLimit } = parts;
  const mostBytes = sizeLimit * BODY_FACTOR + BODY_REST;
  const paths = new Set([`${basePath}/rpc`, `${basePath}/rpc/`, `${basePath}/`, basePath]);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call: { id: Id; isSubmit: boolean; startedMs: number } = {
      ...{ id: null, isSubmit: false },
      startedMs: performance.now(),
    };
    try {
      const result = await door.asSender(request, (take) =>
        door.withBody(request, mostBytes, async (body) => {
          // the time that the client took to send it is not ours
          call.startedMs = performance.now();
          const { id, method, params } = callOf(body);
          call.id = id;
          call.isSubmit = method === "dm3_submitMessage";
          return callMethod(askingBy(parts, take), { method, params });
        }),
      );
      send(response, 200, { jsonrpc: "2.0", id: call.id, result });
      if (call.isSubmit) parts.onSubmit(null, performance.now() - call.startedMs);
    } catch (thrown) {
      const error = refuse(request, response, thrown, call.id);
      if (call.isSubmit) parts.onSubmit(error, performance.now() - call.startedMs);
    }
  }

  function refuse(
    request: IncomingMessage,
    response: ServerResponse,
    thrown: unknown,
    id: Id,
  ): SignpostError {
    const { status, error, rpcError } = rpcRefusal(thrown);
    if (status >= 500) parts.reportFailure(error, requestIdOf(request));
    leaveUnread(request, response);
    const { retryAfterSec } = error.details as { readonly retryAfterSec?: number };
    if (retryAfterSec !== undefined) response.setHeader("retry-after", String(retryAfterSec));
    send(response, status, { jsonrpc: "2.0", id, error: rpcError });
    return error;
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { method, url = "" } = request;
    if (method !== "POST" || !paths.has(withoutQuery(url))) return false;
    logPathAs(request, withoutQuery(url));
    void answer(request, response);
    return true;
  };
}

function withoutQuery(url: string): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

function callOf(body: unknown): { id: Id; method: string; params: unknown } {
  const { id, method, params } = Object(body) as Readonly<Record<string, unknown>>;
  const known: Id = typeof id === "string" || typeof id === "number" ? id : null;
  if (typeof method === "string") return { id: known, method, params };
  const sentence = 'This is no JSON-RPC call; send {"jsonrpc": "2.0", "id", "method", "params"}.';
  throw new SignpostError("WRONG_CALL", sentence, { reason: "no-call" });
}

const ASCII = /^[\x20-\x7e]*$/;

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  const isAscii = ASCII.test(text);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "retry-after",
  });
  // Node writes it in one piece with the headers, which are Latin-1
  response.end(text, isAscii ? "latin1" : "utf8");
}
