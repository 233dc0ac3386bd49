import { parseUrl } from "../dm3/profile/secureUrl.js";
import { SignpostError } from "../errors.js";
import { cappedFetch } from "../fetch/cappedFetch.js";

/** What wallets, viem, ethers and hardhat offer alike (EIP-1193): the SDK's view of a chain. */
export interface Eip1193Provider {
  request(args: { method: string; params: unknown[] }): Promise<unknown>;
}

/** What an RPC node answered instead of a result; `data` as it came. */
export class RpcFault extends Error {
  override readonly name = "RpcFault";
  constructor(
    message: string,
    readonly code: unknown,
    readonly data: unknown,
  ) {
    super(message);
  }
}

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * A provider over JSON-RPC 2.0 at `url`, which the caller chose and which may therefore be a private
 * address. Its URL appears in no message: it often holds an API key. Throws RpcFault for an
 * error object of the node, UNREACHABLE for everything that is no JSON-RPC answer.
 */
export function httpProvider(url: string, timeoutMs: number): Eip1193Provider {
  if (!/^https?:$/.test(parseUrl(url)?.protocol ?? "")) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The RPC URL is not an absolute http: or https: URL. Give one, or an EIP-1193 provider.",
    );
  }
  return {
    async request({ method, params }) {
      const answer = await cappedFetch({
        url,
        method: "POST",
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
        maxBytes: MAX_ANSWER_BYTES,
        timeoutMs,
      });
      const { result, error } = parseAnswer(answer.body, answer.status);
      // nodes that answer a revert with an HTTP error status still send the JSON-RPC error object
      if (isObject(error)) {
        throw new RpcFault(String(error["message"]), error["code"], error["data"]);
      }
      if (result === undefined || answer.status >= 400) {
        throw unusable(`HTTP ${answer.status} without a result`);
      }
      return result;
    },
  };
}

function parseAnswer(body: Uint8Array, status: number): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(new TextDecoder().decode(body));
    if (isObject(answer)) return answer;
  } catch {
    // told below: whatever is not a JSON object is the same to the caller
  }
  throw unusable(`HTTP ${status} without JSON`);
}

function unusable(answer: string): SignpostError {
  return new SignpostError(
    "UNREACHABLE",
    `The RPC node answered with ${answer}. Check its URL and API key, or use another node.`,
    { reason: `it answered with ${answer}` },
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
