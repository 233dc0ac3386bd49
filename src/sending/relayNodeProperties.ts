/** `dm3_getDeliveryServiceProperties`: what a relay node asks of envelopes. */
import { isSignpostError } from "../errors.js";
import type { RelayNodeAccess } from "./relayNodeAccess.js";

export interface RelayNodeProperties {
  /** The largest envelope, in bytes; null where it does not say. */
  readonly sizeLimit: number | null;
  /** For how many days messages are kept; 0 is for ever, null where it does not say. dm3's nodes count in other units. */
  readonly messageTtlDays: number | null;
}

const MOST_BYTES = 65_536;

/**
 * Null where the node does not answer that. Its result is JSON text of dm3's nodes, and an object by the specification.
 * @param url of the relay node's profile
 */
export async function relayNodeProperties(
  url: string,
  { fetcher, timeoutMs }: RelayNodeAccess,
): Promise<RelayNodeProperties | null> {
  const body = JSON.stringify({
    ...{ jsonrpc: "2.0", id: 1, method: "dm3_getDeliveryServiceProperties", params: [] },
  });
  const rpc = `${url.replace(/\/+$/, "")}/rpc`;
  try {
    const answer = await fetcher({
      ...{ url: rpc, method: "POST", body, timeoutMs, maxBytes: MOST_BYTES },
    });
    const { result } = Object(JSON.parse(new TextDecoder().decode(answer.body))) as {
      readonly result?: unknown;
    };
    if (result === undefined || result === null) return null;
    const told: unknown = typeof result === "string" ? JSON.parse(result) : result;
    const { sizeLimit, messageTTL } = Object(told) as Readonly<Record<string, unknown>>;
    return { sizeLimit: countIn(sizeLimit), messageTtlDays: countIn(messageTTL) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (isSignpostError(error, "UNREACHABLE", "TOO_LARGE", "FORBIDDEN_ADDRESS")) return null;
    throw error;
  }
}

function countIn(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}
