/** A connection to the RPC node of a chain, for an admin's commands. */
import { FetchRequest, type FetchResponse, isError, JsonRpcProvider } from "ethers";
import { isSignpostError, SignpostError } from "../errors.js";
import { Deadline } from "../fetch/deadline.js";
import { foreignText, withoutUrls } from "../fetch/foreignText.js";
import { retryAfterMs } from "../fetch/retryAfter.js";
import { type Chain, chainIdOf } from "../lookup/askNode.js";
import { httpProvider } from "../lookup/httpProvider.js";
import { RpcFault } from "../lookup/rpc.js";

export interface Connection {
  /** For transactions. */
  readonly provider: JsonRpcProvider;
  readonly chainId: bigint;
  /** The same node, to read from; its time begins now. */
  readonly chain: () => Chain;
  close(): void;
}

const REQUEST_TIMEOUT_MS = 30_000;
/** A node that asks for more gets another request after it. */
const LONGEST_PAUSE_MS = 10_000;
/** For everything that one step of a command reads. */
const READING_TIMEOUT_MS = 60_000;

/**
 * Asks the node at `rpcUrl` which chain it is on. The URL appears in no message: it often holds an API key.
 * @throws INVALID_REQUEST for what is no http URL, UNREACHABLE when nothing that speaks JSON-RPC answers
 */
export async function connect(rpcUrl: string): Promise<Connection> {
  // ethers' provider would ask for the chain id by itself, but then retries for ever and writes to the console
  const chainId = await chainIdOf({
    provider: httpProvider(rpcUrl, REQUEST_TIMEOUT_MS),
    deadline: new Deadline(REQUEST_TIMEOUT_MS),
  });
  const request = new FetchRequest(rpcUrl);
  request.timeout = REQUEST_TIMEOUT_MS;
  request.retryFunc = leaveAlone;
  const provider = new JsonRpcProvider(request, chainId, { staticNetwork: true, cacheTimeout: -1 });
  return {
    provider,
    chainId,
    chain: () => chainOf(provider),
    close: () => {
      provider.destroy();
    },
  };
}

/** As long as a busy node asks for: ethers 6.17.0 takes the seconds of `Retry-After` for milliseconds, and is back at once. */
async function leaveAlone(_request: FetchRequest, answer: FetchResponse): Promise<boolean> {
  const askedMs = retryAfterMs({ header: (name) => answer.getHeader(name) });
  await new Promise((resolve) => setTimeout(resolve, Math.min(askedMs, LONGEST_PAUSE_MS)));
  return true;
}

/** What an ethers provider is connected to, as lookups read it. */
function chainOf(provider: JsonRpcProvider): Chain {
  return {
    provider: {
      request: async ({ method, params }) => {
        try {
          return (await provider.send(method, params)) as unknown;
        } catch (error) {
          throw faultOf(error);
        }
      },
    },
    deadline: new Deadline(READING_TIMEOUT_MS),
  };
}

/** The node's own error out of the one that ethers wraps around it. */
function faultOf(error: unknown): Error {
  const { message, code, data } = Object(nodeError(error)) as Record<string, unknown>;
  if (typeof message === "string") return new RpcFault(message, code, data);
  return new Error(connectionFailure(error) ?? "it gave no usable answer");
}

/**
 * What an RPC node or the way to it did wrong, as one of our errors. ethers' own messages hold the request and
 * the URL: they stay out.
 * @param doing what was being done, to complete "failed while ..."
 * @param advice what to do next, as a sentence
 */
export function rpcFailure(
  error: unknown,
  doing: string,
  advice = "Try again, or use another node.",
): SignpostError {
  if (isSignpostError(error)) return error;
  return new SignpostError(
    "UNREACHABLE",
    `The RPC node failed while ${doing}${reasonIn(error)}. ${advice}`,
  );
}

function reasonIn(error: unknown): string {
  const reason = rpcMessage(error) ?? connectionFailure(error);
  return reason === undefined ? "" : ` (${reason})`;
}

/** The message inside a JSON-RPC error object, as the node wrote it. */
export function rpcMessage(error: unknown): string | undefined {
  const message = propertyOf(nodeError(error), "message");
  return typeof message === "string" ? foreignText(withoutUrls(message)) : undefined;
}

function nodeError(error: unknown): unknown {
  return propertyOf(propertyOf(error, "info"), "error") ?? propertyOf(error, "error");
}

function connectionFailure(error: unknown): string | undefined {
  if (isError(error, "TIMEOUT")) return "it did not answer in time";
  const status = propertyOf(propertyOf(error, "response"), "statusCode");
  if (typeof status === "number") return `HTTP ${status}`;
  const code = propertyOf(error, "code");
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ? code : undefined;
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
