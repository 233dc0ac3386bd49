import { fromHex, type Hex, toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import { isSignpostError } from "../errors.js";
import type { Deadline } from "../fetch/deadline.js";
import type { FetchAnswer, Fetcher, FetchRequest } from "../fetch/fetcher.js";
import {
  type FailedServer,
  failedServer,
  nobodyAnswered,
  shortReason,
} from "../fetch/serversAsked.js";

/** An ERC-3668 lookup as it goes over HTTP. */
export interface GatewayQuery {
  /** URL templates, in the order in which they are tried. */
  readonly urls: readonly string[];
  readonly sender: Address;
  readonly callData: Uint8Array;
}

const MAX_ANSWER_BYTES = 1024 * 1024;

/** Resolvers list two or three; a hostile one could make us ask hundreds. */
export const MOST_URLS = 16;

/** What is longer is cut or refused on the way, even before the call data is filled in. */
const LONGEST_TEMPLATE = 2048;

/**
 * Asks the gateways one after the other until one answers. By ERC-3668 a status of 4xx is final; a 5xx, no
 * answer, or one that is no `{"data": "0x..."}` leads to the next URL. URLs after the 16th are not tried.
 * Throws UNREACHABLE, with the reason of every URL that was tried.
 */
export async function askGateways(
  query: GatewayQuery,
  fetcher: Fetcher,
  deadline: Deadline,
): Promise<{ url: string; response: Uint8Array }> {
  const urls = query.urls.slice(0, MOST_URLS);
  const failed: FailedServer[] = [];
  for (const [index, url] of urls.entries()) {
    if (url.length > LONGEST_TEMPLATE) {
      failed.push(failedServer(url, `its URL is longer than ${LONGEST_TEMPLATE} characters`));
      continue;
    }
    const timeoutMs = deadline.shareMs(urls.length - index);
    const attempt = await askOnce(gatewayRequest(url, query, timeoutMs), fetcher);
    if (attempt.kind === "answered") return { url, response: attempt.response };
    failed.push(failedServer(url, attempt.reason));
    if (attempt.kind === "final") break;
  }
  throw nobodyAnswered("The answer of the CCIP gateway", failed);
}

type Attempt =
  { kind: "answered"; response: Uint8Array } | { kind: "failed" | "final"; reason: string };

async function askOnce(request: FetchRequest, fetcher: Fetcher): Promise<Attempt> {
  let answer: FetchAnswer;
  try {
    answer = await fetcher(request);
  } catch (error) {
    if (isSignpostError(error, "UNREACHABLE", "FORBIDDEN_ADDRESS", "TOO_LARGE")) {
      return { kind: "failed", reason: shortReason(error) };
    }
    throw error;
  }
  const { data, message } = gatewayMessage(answer.body);
  if (answer.status < 200 || answer.status >= 300) {
    const final = answer.status >= 400 && answer.status < 500;
    const said = typeof message === "string" ? `: ${message}` : "";
    return { kind: final ? "final" : "failed", reason: `it answered HTTP ${answer.status}${said}` };
  }
  const response = hexBytes(data);
  return response === null
    ? { kind: "failed", reason: 'it did not answer with JSON of the form {"data": "0x..."}' }
    : { kind: "answered", response };
}

/** GET when the template has a place for the call data, POST otherwise. */
export function gatewayRequest(
  template: string,
  query: Pick<GatewayQuery, "sender" | "callData">,
  timeoutMs: number,
): FetchRequest {
  const sender: Hex = toHex(query.sender);
  const data: Hex = toHex(query.callData);
  const limits = { maxBytes: MAX_ANSWER_BYTES, timeoutMs, accept: "application/json" };
  // the first occurrence only, as ethers and viem do: a hostile template could hold thousands
  const url = template.replace("{sender}", sender);
  return template.includes("{data}")
    ? { url: url.replace("{data}", data), method: "GET", ...limits }
    : { url, method: "POST", body: JSON.stringify({ data, sender }), ...limits };
}

/** What a gateway may say (ERC-3668), or an empty object for a body that is not JSON of that form. */
export function gatewayMessage(body: Uint8Array): { data?: unknown; message?: unknown } {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof json === "object" && json !== null ? json : {};
  } catch {
    return {};
  }
}

/** The bytes of `0x` hex; null for everything else. */
export function hexBytes(data: unknown): Uint8Array | null {
  if (typeof data !== "string") return null;
  try {
    return fromHex(data);
  } catch {
    return null;
  }
}
