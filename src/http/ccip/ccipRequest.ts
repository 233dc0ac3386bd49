/**
 * The forms in which a lookup comes over HTTP (ERC-3668, "Gateway Interface"):
 *
 *   POST /ccip/:chainId/:resolver                  body {"data": "0x...", "sender": "0x..."}
 *   GET  /ccip/:chainId/:resolver/:data            URL template .../{data}
 *   GET  /ccip/:chainId/:resolver/:sender/:data    URL template .../{sender}/{data}; ".json" may follow
 *
 * Chain and resolver are constants of the URL that the resolver publishes. `sender` is ignored: it is what
 * the client says, and not always the resolver (the UniversalResolver asks in its own name).
 */
import type { IncomingMessage } from "node:http";
import { type Address, addressFrom } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import type { GatewayCall } from "../../gateway/gateway.js";
import { dataOfBody } from "./ccipBody.js";

const PREFIX = "/ccip";

/** Whether a URL of a request belongs to the CCIP gateway. */
export function isCcipUrl(url: string): boolean {
  if (!url.startsWith(PREFIX)) return false;
  const next = url.charAt(PREFIX.length);
  return next === "/" || next === "?" || next === "";
}

/** No query means anything here. Left in, it would make another call, and a place of its own in the cache, of the same one. */
export function withoutQuery(url: string): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** The parts of the path behind the prefix, percent-decoded. Throws INVALID_REQUEST for what cannot be. */
function partsOf(url: string): string[] {
  const path = withoutQuery(url).slice(PREFIX.length + 1);
  const parts = (path.endsWith("/") ? path.slice(0, -1) : path).split("/");
  if (!path.includes("%")) return parts;
  try {
    return parts.map(decodeURIComponent);
  } catch {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The request could not be read: the URL holds a percent sign without two hexadecimal digits of UTF-8; send a well-formed URL.",
    );
  }
}

/** Throws UNKNOWN_RESOLVER, INVALID_CALL_DATA, INVALID_REQUEST, and NOT_FOUND for a path of another form. */
export function callOfGet(url: string): GatewayCall {
  const [chainId, resolver, ...rest] = partsOf(url);
  const data = rest.at(-1);
  if (data === undefined || rest.length > 2) throw nothingAnswers("GET");
  return {
    chainId: parseChainId(chainId),
    to: parseResolver(resolver),
    data: parseCallData(data.endsWith(".json") ? data.slice(0, -5) : data),
  };
}

/** Reads the body. Throws as `callOfGet`, and TOO_LARGE. */
export async function callOfPost(url: string, request: IncomingMessage): Promise<GatewayCall> {
  const [chainId, resolver, ...rest] = partsOf(url);
  if (resolver === undefined || rest.length > 0) throw nothingAnswers("POST");
  // a URL that is wrong is refused before the body is read
  const target = { chainId: parseChainId(chainId), to: parseResolver(resolver) };
  return { ...target, data: parseCallData(await dataOfBody(request)) };
}

/**
 * What names the call of a POST, as the URL alone names that of a GET. No URL has a space in it, so that neither is
 * ever taken for the other, nor the end of a URL for the beginning of call data.
 */
export function keyOfPost(url: string, data: Uint8Array): string {
  return `${url} ${Buffer.from(data).toString("latin1")}`;
}

export function nothingAnswers(method: string): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `Nothing answers ${method} on this path; a lookup is POST /ccip/<chain id>/<resolver>, or GET of the same with /{sender}/{data} behind it.`,
  );
}

function parseChainId(text: string | undefined): bigint {
  if (text !== undefined && /^[1-9][0-9]{0,18}$/.test(text)) return BigInt(text);
  throw unknownResolver("the chain id must be a decimal number");
}

function parseResolver(text: string | undefined): Address {
  // a copy: answers are remembered with their resolver, and must not hold on to the request that it came in
  if (text !== undefined && /^0x[0-9a-fA-F]{40}$/.test(text)) {
    return addressFrom(new Uint8Array(bytesOf(text)));
  }
  throw unknownResolver("the resolver must be an address");
}

/** Whatever the URL names there, it is no resolver that we serve. */
function unknownResolver(why: string): SignpostError {
  return new SignpostError(
    "UNKNOWN_RESOLVER",
    `No resolver of this gateway has this URL (${why}); gateway URLs have the form /ccip/<chain id>/<resolver>/{data}.`,
  );
}

/** Throws INVALID_CALL_DATA. */
function parseCallData(data: unknown): Uint8Array {
  if (typeof data === "string" && data.startsWith("0x") && data.length % 2 === 0) {
    const bytes = bytesOf(data);
    // the decoder stops at the first character that is no digit
    if (bytes.length === data.length / 2 - 1) return bytes;
  }
  throw new SignpostError(
    "INVALID_CALL_DATA",
    "The call data is missing or is not hexadecimal; send 0x and an even number of digits as `data` (ERC-3668).",
  );
}

/** Node's own decoder takes a tenth of the time of a portable one. */
function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex.slice(2), "hex");
}
