/**
 * The CCIP gateway over HTTP. Lookups do not go through express, which would take longer than all the rest of a
 * lookup: this listener takes what is its own and leaves the rest.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { SignpostError } from "../../errors.js";
import type { Answers, FoundAnswer } from "../../gateway/cache/answers.js";
import type { GatewayObserver } from "../../gateway/observer.js";
import { requestIdOf } from "../requestId.js";
import { shownError } from "../shownError.js";
import { type ReadyAnswer, sendAnswer, sendPreflight, sendRefusal } from "./ccipReply.js";
import {
  callOfGet,
  callOfPost,
  isCcipUrl,
  keyOfPost,
  nothingAnswers,
  withoutQuery,
} from "./ccipRequest.js";
import { LOOKUP_STATUS } from "./lookupStatus.js";

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
  /** The path says everything, so a fresh answer is found by it before anything is decoded. */
  async function answerGet(request: IncomingMessage, response: ServerResponse, url: string) {
    const startedMs = performance.now();
    try {
      const found = answers.fresh(url) ?? (await answers.find(url, callOfGet(url)));
      send(request, response, found, startedMs);
    } catch (thrown) {
      refuse(response, thrown, startedMs);
    }
  }

  async function answerPost(request: IncomingMessage, response: ServerResponse, url: string) {
    let startedMs = performance.now();
    try {
      const call = await callOfPost(url, request);
      // the time that the client took to send its body is not ours
      startedMs = performance.now();
      const key = keyOfPost(url, call.data);
      const found = answers.fresh(key) ?? (await answers.find(key, call));
      send(request, response, found, startedMs);
    } catch (thrown) {
      refuse(response, thrown, startedMs);
    }
  }

  function send(
    request: IncomingMessage,
    response: ServerResponse,
    { ready, basis: { domain, functionName }, from }: FoundAnswer<ReadyAnswer>,
    startedMs: number,
  ): void {
    sendAnswer(request, response, ready);
    observer.answered({ domain, functionName, from }, performance.now() - startedMs);
  }

  function refuse(response: ServerResponse, thrown: unknown, startedMs: number): void {
    const shown = shownError(thrown, LOOKUP_STATUS);
    const requestId = requestIdOf(response.req);
    if (shown.status >= 500) reportFailure(shown.error, requestId);
    sendRefusal(response, shown, requestId);
    observer.refused(shown.error.code, performance.now() - startedMs);
  }

  return (request, response) => {
    const { method = "", url: target = "" } = request;
    if (!isCcipUrl(target)) return false;
    const url = withoutQuery(target);
    if (method === "GET" || method === "HEAD") void answerGet(request, response, url);
    else if (method === "POST") void answerPost(request, response, url);
    else if (method === "OPTIONS") sendPreflight(request, response);
    else refuse(response, nothingAnswers(method), performance.now());
    return true;
  };
}
