/** One question to an RPC node. A node that does not answer is UNREACHABLE, and its URL is in no message. */
import { isSignpostError, SignpostError } from "../errors.js";
import type { Deadline } from "../fetch/deadline.js";
import { foreignText, withoutUrls } from "../fetch/foreignText.js";
import { shortReason } from "../fetch/serversAsked.js";
import type { Eip1193Provider } from "./rpc.js";

/** A chain to ask, and how long. */
export interface Chain {
  readonly provider: Eip1193Provider;
  readonly deadline: Deadline;
}

export const RPC_NODE = "RPC node";

/** The result as the node sent it. Throws UNREACHABLE, with `details.unreachable` naming the RPC node. */
export async function askNode(
  { provider, deadline }: Chain,
  method: string,
  ...params: unknown[]
): Promise<unknown> {
  try {
    return await deadline.race(provider.request({ method, params }));
  } catch (error) {
    throw cannotAsk(reasonOf(error), error);
  }
}

/** Throws UNREACHABLE. */
export async function chainIdOf(chain: Chain): Promise<bigint> {
  return quantity(await askNode(chain, "eth_chainId"));
}

/** Throws UNREACHABLE. */
export async function latestBlock(chain: Chain): Promise<{ number: bigint; timeSec: bigint }> {
  const block = await askNode(chain, "eth_getBlockByNumber", "latest", false);
  const { number, timestamp } = Object(block) as { number?: unknown; timestamp?: unknown };
  return { number: quantity(number), timeSec: quantity(timestamp) };
}

/** A number as JSON-RPC writes it (`0x` hex). Throws UNREACHABLE for anything else. */
export function quantity(value: unknown): bigint {
  if (typeof value === "string" && /^0x[0-9a-f]{1,64}$/i.test(value)) return BigInt(value);
  throw cannotAsk("it answered with no number where one belongs", null);
}

export function reasonOf(error: unknown): string {
  if (isSignpostError(error)) return shortReason(error);
  return error instanceof Error ? error.message : "unknown reason";
}

/** UNREACHABLE for the RPC node. Libraries print its URL, which may hold an API key, into their messages. */
export function cannotAsk(reason: string, cause: unknown): SignpostError {
  const safe = foreignText(withoutUrls(reason)).replace(/\.$/, "");
  return new SignpostError(
    "UNREACHABLE",
    `The RPC node could not be asked: ${safe}. Try again later, or use another node.`,
    { unreachable: [{ who: RPC_NODE, reason: safe }] },
    { cause },
  );
}
