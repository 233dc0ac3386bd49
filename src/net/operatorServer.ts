/** Connections to one server that an operator named for somebody else: a service's endpoint, say. */
import { isIP } from "node:net";
import { Agent } from "undici";
import { SignpostError } from "../errors.js";
import { exchange, type HttpAnswer, type HttpRequest } from "./guardedFetch.js";
import type { LookupAll } from "./guardedLookup.js";
import { addressesIn, assertPrivateNetwork, forbiddenHost, lookupIn } from "./lookupIn.js";

const MAX_HEADER_BYTES = 16_384;
/** Short of the 5 s after which Node's own servers close a connection that nothing comes over. */
const KEEP_ALIVE_MS = 4_000;

export interface ServerBounds {
  /** Kept alive; requests beyond them wait within their own time. */
  readonly mostConnections: number;
  /** For TCP and TLS, in milliseconds. */
  readonly connectTimeoutMs: number;
}

export interface OperatorServer {
  /**
   * One request. Redirects are refused, nothing is decompressed.
   * @param url of this server: another origin is a defect
   * @throws FORBIDDEN_ADDRESS, UNREACHABLE, TOO_LARGE
   */
  send(url: URL, request: HttpRequest): Promise<HttpAnswer>;
  /** What is under way fails. */
  close(): Promise<void>;
}

/**
 * Where addresses are checked at the moment of connecting. Not encrypted, it has to be in a private network.
 * @param network a private network that the host has to be in; null: it has to have a public address
 * @throws FORBIDDEN_ADDRESS when the host is a literal address that may not be connected to, INVALID_CONFIGURATION
 */
export function openOperatorServer(
  { protocol, hostname, origin }: URL,
  network: string | null,
  { mostConnections, connectTimeoutMs }: ServerBounds,
  lookupAll?: LookupAll,
): OperatorServer {
  if (network !== null) assertPrivateNetwork(network);
  else if (protocol !== "https:") throw notEncrypted(origin);
  // sockets look up names only
  const literal = hostname.replace(/^\[|\]$/g, "");
  if (isIP(literal) !== 0 && !addressesIn(network)(literal)) throw forbiddenHost(literal, network);
  const agent = new Agent({
    connect: { lookup: lookupIn(network, lookupAll), timeout: connectTimeoutMs },
    connections: mostConnections,
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // the time-out of the whole request is the only one
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    send: async (url, request) => {
      if (url.origin !== origin) {
        throw new SignpostError(
          "INTERNAL",
          "A request for another server than the one that is open.",
        );
      }
      return await exchange(agent, url, request);
    },
    close: () => agent.destroy(),
  };
}

function notEncrypted(origin: string): SignpostError {
  const reason = "http: is for a private network alone";
  return new SignpostError(
    "FORBIDDEN_ADDRESS",
    `We do not connect to ${origin}: ${reason}. Use https:, or name the private network (--private-network).`,
    { reason },
  );
}
