/** A connection to the RPC node of a chain, for an admin's commands. */
import { FetchRequest, isError, JsonRpcProvider } from "ethers";
import { isSignpostError, SignpostError } from "../errors.js";

export interface Connection {
  readonly provider: JsonRpcProvider;
  readonly chainId: bigint;
  close(): void;
}

const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Asks the node at `rpcUrl` which chain it is on. The URL appears in no message: it often holds an API key.
 * @throws INVALID_REQUEST for what is no http URL, UNREACHABLE when nothing that speaks JSON-RPC answers
 */
export async function connect(rpcUrl: string): Promise<Connection> {
  if (!/^https?:$/.test(URL.canParse(rpcUrl) ? new URL(rpcUrl).protocol : "")) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The RPC URL is not an absolute http: or https: URL. Give the whole URL of an RPC node.",
    );
  }
  const request = new FetchRequest(rpcUrl);
  request.timeout = REQUEST_TIMEOUT_MS;
  const chainId = await askChainId(request);
  return connectionOf(
    new JsonRpcProvider(request, chainId, { staticNetwork: true, cacheTimeout: -1 }),
    chainId,
  );
}

/** A provider would ask for the chain id by itself, but then retries for ever and writes to the console. */
async function askChainId(request: FetchRequest): Promise<bigint> {
  const question = request.clone();
  question.body = { jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] };
  question.setThrottleParams({ maxAttempts: 3 });
  try {
    const answer = await question.send();
    answer.assertOk();
    const { result } = answer.bodyJson as { result?: unknown };
    // BigInt itself would read an empty text as chain 0
    if (typeof result !== "string" || !/^0x[0-9a-f]+$/i.test(result))
      throw new Error("no chain id");
    return BigInt(result);
  } catch (error) {
    throw new SignpostError(
      "UNREACHABLE",
      `The RPC node did not tell its chain id${reasonIn(error)}. Check its URL and API key, or use another node.`,
    );
  }
}

function connectionOf(provider: JsonRpcProvider, chainId: bigint): Connection {
  return {
    provider,
    chainId,
    close: () => {
      provider.destroy();
    },
  };
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
  return reason === undefined ? "" : ` (${reason.slice(0, 200)})`;
}

/** The message inside a JSON-RPC error object, which is the node's own word. */
export function rpcMessage(error: unknown): string | undefined {
  const fault = propertyOf(propertyOf(error, "info"), "error") ?? propertyOf(error, "error");
  const message = propertyOf(fault, "message");
  return typeof message === "string" ? withoutUrls(message) : undefined;
}

function connectionFailure(error: unknown): string | undefined {
  if (isError(error, "TIMEOUT")) return "it did not answer in time";
  const status = propertyOf(propertyOf(error, "response"), "statusCode");
  if (typeof status === "number") return `HTTP ${status}`;
  const code = propertyOf(error, "code");
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ? code : undefined;
}

function withoutUrls(message: string): string {
  return message.replace(/https?:\/\/\S+/g, "<url>");
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
