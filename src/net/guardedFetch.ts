import { Agent, type Dispatcher, request as send } from "undici";
import { SignpostError } from "../errors.js";
import { collectBody, unreachable } from "../fetch/cappedFetch.js";
import { bodyType, type FetchAnswer, type Fetcher, type FetchRequest } from "../fetch/fetcher.js";
import { guardUrl, type UrlGuardOptions } from "../fetch/urlGuard.js";
import { publicAddresses } from "./addressRule.js";
import { guardedLookup } from "./guardedLookup.js";

const MAX_HEADER_BYTES = 16_384;

/**
 * A fetcher for URLs that strangers chose. The address is checked after DNS, at the moment of
 * connecting, so that no second DNS answer can lead elsewhere; redirects are refused; time and size are
 * capped; nothing is decompressed. HTTP proxies of the environment are not used: the check would then
 * be about the proxy's address.
 */
export function createGuardedFetcher(options: UrlGuardOptions = {}): Fetcher {
  const agent = guardedAgent(options);
  return async (request) => await fetchThrough(agent, guardUrl(request.url, options), request);
}

/** Opens connections to allowed addresses only. Literal ones are not looked up: `guardUrl` checks those. */
export function guardedAgent(options: UrlGuardOptions): Agent {
  return new Agent({
    connect: { lookup: guardedLookup(publicAddresses(options)) },
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: 1_000,
    // the time-out of the whole request is the only one: no slower default takes over
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** A request as it goes over the wire, with whatever headers its sender wants. */
export interface HttpRequest extends Pick<FetchRequest, "body" | "maxBytes" | "timeoutMs"> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "OPTIONS";
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the request, as UNREACHABLE. */
  readonly signal?: AbortSignal;
}

export interface HttpAnswer extends Pick<FetchAnswer, "status" | "body"> {
  /** By lower-case name; the first value where a name comes twice. */
  readonly headers: ReadonlyMap<string, string>;
}

/** One request over `agent`. Throws like a Fetcher. */
export async function fetchThrough(
  agent: Agent,
  url: URL,
  request: FetchRequest,
): Promise<FetchAnswer> {
  const { status, headers, body } = await exchange(agent, url, {
    ...request,
    headers: {
      ...(request.accept === undefined ? {} : { accept: request.accept }),
      ...(request.body === undefined ? {} : { "content-type": bodyType(request.body) }),
      ...(request.bearer === undefined ? {} : { authorization: `Bearer ${request.bearer}` }),
    },
  });
  const header = (name: string) => headers.get(name) ?? null;
  return { status, contentType: header("content-type"), body, header };
}

/** The same with all headers, for those to whom headers matter. Throws like a Fetcher. */
export async function exchange(agent: Agent, url: URL, request: HttpRequest): Promise<HttpAnswer> {
  const { maxBytes, timeoutMs } = request;
  try {
    const answer = await send(url, {
      dispatcher: agent,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      signal: signalOf(request),
    });
    // undici reports a body that we give up as an error event, which without a listener ends the process
    answer.body.on("error", () => undefined);
    const status = answer.statusCode;
    if (status >= 300 && status < 400) {
      answer.body.destroy();
      throw new SignpostError(
        "UNREACHABLE",
        `${url.origin} answered with a redirect, which we do not follow. Publish the final URL.`,
        { status, reason: "it answered with a redirect, which is not followed" },
      );
    }
    const body = await collectBody(answer.body, maxBytes, url.origin);
    return { status, headers: firstValues(answer), body };
  } catch (error) {
    throw error instanceof SignpostError ? error : unreachable(url.origin, timeoutMs, error);
  }
}

function signalOf({ timeoutMs, signal }: HttpRequest): AbortSignal {
  const late = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? late : AbortSignal.any([late, signal]);
}

function firstValues({ headers }: Dispatcher.ResponseData): Map<string, string> {
  const first = new Map<string, string>();
  for (const [name, values] of Object.entries(headers)) {
    const value = Array.isArray(values) ? values[0] : values;
    if (value !== undefined) first.set(name.toLowerCase(), value);
  }
  return first;
}
