/**
 * The CCIP gateway over HTTP. Lookups do not go through express, which would take longer than all the rest of a
 * lookup: this listener takes what is its own and leaves the rest.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { SignpostError } from "../../errors.js";
import type { AnswerBasis, GatewayCall } from "../../gateway/gateway.js";
import type { Answers } from "../../gateway/memory/answers.js";
import type { GatewayObserver } from "../../gateway/observer.js";
import { requestIdOf } from "../requestId.js";
import { HTTP_STATUS, toSignpostError } from "../status.js";
import { dataOfBody } from "./ccipBody.js";
import { type ReadyAnswer, sendAnswer, sendPreflight, sendRefusal } from "./ccipReply.js";
import { callOfUrl, isCcipUrl, nothingAnswers, parseCallData, targetOfUrl } from "./ccipRequest.js";

export interface CcipListenerParts {
  readonly answers: Answers<ReadyAnswer>;
  readonly observer: GatewayObserver;
  /** Gets every defect (code INTERNAL) and whatever could not be found out: never what a client did wrong. */
  readonly reportFailure: (error: SignpostError, requestId?: string) => void;
}

/** Returns false, and does nothing, for a request that is not the gateway's. */
export type CcipListener = (request: IncomingMessage, response: ServerResponse) => boolean;

export function ccipListener({
  answers,
  observer,
  reportFailure,
}: CcipListenerParts): CcipListener {
  function give(
    request: IncomingMessage,
    response: ServerResponse,
    key: string,
    call: () => GatewayCall,
  ): void {
    const startedMs = performance.now();
    const held = answers.atHand(key);
    if (held) {
      sendAnswer(request, response, held.ready);
      note(held.basis, "cache", startedMs);
      return;
    }
    answers.find(key, call).then(
      ({ ready, basis, from }) => {
        sendAnswer(request, response, ready);
        note(basis, from, startedMs);
      },
      (thrown: unknown) => {
        refuse(response, thrown, startedMs);
      },
    );
  }

  function note(
    { domain, functionName }: AnswerBasis,
    from: "registry" | "cache",
    startedMs: number,
  ): void {
    observer.answered({ domain, functionName, from }, performance.now() - startedMs);
  }

  function refuse(response: ServerResponse, thrown: unknown, startedMs: number): void {
    const error = toSignpostError(thrown);
    const requestId = requestIdOf(response.req);
    if (HTTP_STATUS[error.code] >= 500) reportFailure(error, requestId);
    sendRefusal(response, error, requestId);
    observer.refused(error.code, performance.now() - startedMs);
  }

  async function readPost(url: string, request: IncomingMessage): Promise<GatewayCall> {
    const target = targetOfUrl(url);
    return { ...target, data: parseCallData(await dataOfBody(request)) };
  }

  return (request, response) => {
    const { method = "", url = "" } = request;
    if (!isCcipUrl(url)) return false;
    const startedMs = performance.now();
    if (method === "GET" || method === "HEAD") {
      give(request, response, url, () => callOfUrl(url));
    } else if (method === "OPTIONS") {
      sendPreflight(request, response);
    } else if (method === "POST") {
      readPost(url, request).then(
        (call) => {
          give(request, response, keyOf(url, call), () => call);
        },
        (thrown: unknown) => {
          refuse(response, thrown, startedMs);
        },
      );
    } else {
      refuse(response, nothingAnswers(method), startedMs);
    }
    return true;
  };
}

/** No URL has a space in it, so that a POST is never taken for a GET of another call. */
function keyOf(url: string, { data }: GatewayCall): string {
  return `${url} ${Buffer.from(data).toString("latin1")}`;
}
