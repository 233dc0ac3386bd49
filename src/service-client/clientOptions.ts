import { parseUrl } from "../dm3/profile/secureUrl.js";
import { SignpostError } from "../errors.js";
import { DEFAULT_TIMEOUT_MS, LONGEST_TIMEOUT_MS } from "../lookup/resolveOptions.js";

export interface ConnectionOptions {
  /** Where the service is reached, e.g. `https://signpost.example.com`; with or without `/v1`. */
  readonly url: string;
  /** For each request, in milliseconds; 15,000 unless given, and 120,000 for a batch. */
  readonly timeoutMs?: number;
}

/** What every call takes. */
export interface CallOptions {
  /** Instead of the client's; for each page, where a call reads several. Milliseconds. */
  readonly timeoutMs?: number;
  /** To give up: the call then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What resolvers name and the demo prints beside the URL of its service. */
const CCIP_GATEWAY = /\/ccip\/\d+(?:\/.*)?$/;

/** The origin and path below which `/v1` is. Throws INVALID_REQUEST. */
export function serviceUrl(text: unknown): URL {
  const url = typeof text === "string" ? parseUrl(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username + url.password !== "") {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The option url is not the absolute http: or https: URL of a service. Give one, such as https://signpost.example.com, and the API key apart from it.",
    );
  }
  if (CCIP_GATEWAY.test(url.pathname)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The option url is the URL of a CCIP gateway. Give the URL of the service, ${url.origin}${url.pathname.replace(CCIP_GATEWAY, "")}`,
    );
  }
  url.search = url.hash = "";
  // as people copy it from the address of a route
  url.pathname = url.pathname.replace(/(?:\/v1)?\/*$/, "/");
  return url;
}

/** Throws INVALID_REQUEST for one that makes no sense. */
export function timeoutOf(given: number | undefined, standardMs = DEFAULT_TIMEOUT_MS): number {
  const timeoutMs = given ?? standardMs;
  if (timeoutMs >= 1 && timeoutMs <= LONGEST_TIMEOUT_MS) return timeoutMs;
  throw new SignpostError(
    "INVALID_REQUEST",
    `timeoutMs is ${timeoutMs}. Give milliseconds between 1 and ${LONGEST_TIMEOUT_MS}.`,
  );
}

/** What the compiler cannot check for callers in JavaScript: no option is misspelt and silently without effect. */
export function assertKnownOptions(
  given: unknown,
  known: readonly string[],
): asserts given is Readonly<Record<string, unknown>> {
  if (typeof given !== "object" || given === null) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The options are missing. Give an object with ${known.join(", ")}.`,
    );
  }
  const unknown = Object.keys(given).find((option) => !known.includes(option));
  if (unknown === undefined) return;
  throw new SignpostError(
    "INVALID_REQUEST",
    `There is no option ${unknown}. The options are ${known.join(", ")}.`,
  );
}
