/** One envelope to one relay node, once. */
import type { Envelope } from "../dm3/message/envelope.js";
import { isSignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";
import { retryAfterMs } from "../fetch/retryAfter.js";
import { shortReason } from "../fetch/serversAsked.js";
import type { RelayNodeAccess } from "./relayNodeAccess.js";
import { relayNodeProperties } from "./relayNodeProperties.js";
import { readSubmitAnswer, type SubmitAnswer, unreachable } from "./submitAnswer.js";

const MOST_ANSWER_BYTES = 65_536;

/**
 * Under `/rpc`, as dm3's nodes have it, and at the URL itself, as the specification says, where nothing is there. Whatever
 * goes wrong is an answer.
 * @param url of the relay node's profile
 */
export async function submitEnvelope(
  url: string,
  envelope: Envelope,
  options: RelayNodeAccess,
): Promise<SubmitAnswer> {
  const base = url.replace(/\/+$/, "");
  const body = JSON.stringify({
    ...{ jsonrpc: "2.0", id: 1, method: "dm3_submitMessage" },
    params: [JSON.stringify(envelope)],
  });
  const first = await post(`${base}/rpc`, body, options);
  const answer = first === "nothing there" ? await post(base, body, options) : first;
  if (answer === "nothing there") return unreachable("has nothing under its URL");
  // dm3's nodes do not say that something is too large for them
  return "reason" in answer &&
    answer.reason === "unnamed" &&
    (await isTooLarge(base, envelope, options))
    ? tooLarge()
    : answer;
}

async function isTooLarge(
  url: string,
  envelope: Envelope,
  options: RelayNodeAccess,
): Promise<boolean> {
  const properties = await relayNodeProperties(url, options);
  const sizeLimit = properties?.sizeLimit ?? null;
  const bytes = new TextEncoder().encode(JSON.stringify(envelope)).length;
  return sizeLimit !== null && bytes > sizeLimit;
}

function tooLarge(): SubmitAnswer {
  return {
    ...{ kind: "refused", reason: "too-large" },
    sentence: "It is larger than the relay node takes. Send large attachments another way.",
  };
}

async function post(
  url: string,
  body: string,
  { fetcher, timeoutMs }: RelayNodeAccess,
): Promise<SubmitAnswer | "nothing there"> {
  try {
    const answer = await fetcher({
      ...{ url, method: "POST", body, timeoutMs, maxBytes: MOST_ANSWER_BYTES },
      accept: "application/json, text/plain",
    });
    const isJson = answer.contentType?.includes("json") === true;
    if ((answer.status === 404 || answer.status === 405) && !isJson) return "nothing there";
    const read = readSubmitAnswer(answer.status, answer.body);
    return read.kind === "later" || read.kind === "unreachable"
      ? { ...read, retryAfterMs: retryAfterMs(answer) }
      : read;
  } catch (error) {
    if (!isSignpostError(error, "UNREACHABLE", "TOO_LARGE", "FORBIDDEN_ADDRESS")) throw error;
    return unreachable(`gave no answer (${foreignText(shortReason(error))})`);
  }
}
