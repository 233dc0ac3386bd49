/** Connections to one server that an operator named for somebody else: a service's endpoint, say. */
import { isIP } from "node:net";
import { Agent } from "undici";
import { SignpostError } from "../errors.js";
import { exchange, type HttpAnswer, type HttpRequest } from "./guardedFetch.js";
import { guardedLookup, type LookupAll } from "./guardedLookup.js";
import { type NamedNetworks, operatorAddresses } from "./namedNetworks.js";
import { sharedLookup } from "./sharedLookup.js";

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
 * Where addresses are checked at the moment of connecting: public ones over `https:`, and those of `networks` over
 * `http:` as well.
 * @throws FORBIDDEN_ADDRESS when the host is a literal address that may not be connected to
 */
export function openOperatorServer(
  { protocol, hostname, origin }: URL,
  networks: NamedNetworks,
  { mostConnections, connectTimeoutMs }: ServerBounds,
  lookupAll: LookupAll = sharedLookup(),
): OperatorServer {
  const mayConnect = operatorAddresses(protocol === "https:", networks);
  const literal = hostname.replace(/^\[|\]$/g, "");
  if (isIP(literal) !== 0 && !mayConnect(literal)) throw forbiddenAddress(origin, protocol);
  const agent = new Agent({
    connect: { lookup: guardedLookup(mayConnect, lookupAll), timeout: connectTimeoutMs },
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

function forbiddenAddress(origin: string, protocol: string): SignpostError {
  const reason =
    protocol === "https:"
      ? "it is not a public address, nor in a network that the operator named"
      : "without encryption we connect only to networks that the operator named";
  return new SignpostError("FORBIDDEN_ADDRESS", `We do not connect to ${origin}: ${reason}.`, {
    reason,
  });
}
