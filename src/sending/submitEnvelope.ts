/** One envelope to one relay node, once. */
import type { Envelope } from "../dm3/message/envelope.js";
import { isSignpostError } from "../errors.js";
import type { Fetcher } from "../fetch/fetcher.js";
import { foreignText } from "../fetch/foreignText.js";
import { shortReason } from "../fetch/serversAsked.js";
import { readSubmitAnswer, type SubmitAnswer, unreachable } from "./submitAnswer.js";

export interface SubmitOptions {
  /** Guards whom it talks to: relay nodes' URLs are chosen by strangers. */
  readonly fetcher: Fetcher;
  readonly timeoutMs: number;
}

const MOST_ANSWER_BYTES = 65_536;

/**
 * Under `/rpc`, as dm3's nodes have it, and at the URL itself, as the specification says, where nothing is there. Whatever
 * goes wrong is an answer.
 * @param url of the relay node's profile
 */
export async function submitEnvelope(
  url: string,
  envelope: Envelope,
  options: SubmitOptions,
): Promise<SubmitAnswer> {
  const base = url.replace(/\/+$/, "");
  const body = JSON.stringify({
    ...{ jsonrpc: "2.0", id: 1, method: "dm3_submitMessage" },
    params: [JSON.stringify(envelope)],
  });
  const first = await post(`${base}/rpc`, body, options);
  if (first !== "nothing there") return first;
  const second = await post(base, body, options);
  return second === "nothing there" ? unreachable("has nothing under its URL") : second;
}

async function post(
  url: string,
  body: string,
  { fetcher, timeoutMs }: SubmitOptions,
): Promise<SubmitAnswer | "nothing there"> {
  try {
    const answer = await fetcher({
      ...{ url, method: "POST", body, timeoutMs, maxBytes: MOST_ANSWER_BYTES },
      accept: "application/json, text/plain",
    });
    const isJson = answer.contentType?.includes("json") === true;
    if ((answer.status === 404 || answer.status === 405) && !isJson) return "nothing there";
    return readSubmitAnswer(answer.status, answer.body);
  } catch (error) {
    if (!isSignpostError(error, "UNREACHABLE", "TOO_LARGE", "FORBIDDEN_ADDRESS")) throw error;
    return unreachable(`gave no answer (${foreignText(shortReason(error))})`);
  }
}
